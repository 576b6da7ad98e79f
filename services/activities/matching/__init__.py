"""Suggestions: posts that fit a member, members that fit a post, skills that open posts lack.

Streams: none.
Invariant: nothing is stored or assigned, and members are compared with the post, never with each other.
"""
