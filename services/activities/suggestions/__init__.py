"""Suggestions (建议) and practical matters (社区实事): submitted, accepted, adopted, carried out; proposed, approved, reported, completed.

Streams: suggestion, matter.
Invariant: nobody decides their own; a decline gives its reason.
"""
