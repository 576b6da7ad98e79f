"""Programmes (活动方案): what the district runs, on which legal basis, in which words, and which fields its printed forms show.

Streams: programme/{id}.
Invariant: a form never loses the number by which it is known; what the system counts itself is no category of its own.
"""
