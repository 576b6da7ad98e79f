"""What a member sees of themself; merges of two entries of one person; how long service data is kept.

Streams: retention.
Invariant: after a merge nothing is lost and nothing counts twice; nothing is deleted before its term is over.
"""
