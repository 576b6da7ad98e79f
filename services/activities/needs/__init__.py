"""Residents' needs (群众需求): recorded without the resident, looked at, published, answered by a day.

Streams: need.
Invariant: members read only what somebody other than the recorder looked at, in the words that were published.
"""
