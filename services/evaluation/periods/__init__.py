"""Evaluation periods: opened, closed, and forgotten five years after their end.

Streams: period. Invariant: the periods of a district do not overlap.
"""
