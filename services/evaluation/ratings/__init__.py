"""Ratings by residents: a one-time link, no account, and nothing kept about who used it.

Streams: invitation. Invariant: a link is used once.
"""
