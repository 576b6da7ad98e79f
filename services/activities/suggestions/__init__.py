"""Suggestions and practical matters (实事): submitted, accepted, adopted, completed.

Streams: suggestion, matter.
"""
