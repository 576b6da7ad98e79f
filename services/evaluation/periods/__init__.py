"""Evaluation periods: opened, closed, given up five years after their end.

Streams: period. Invariant: the periods of a district do not overlap.
"""
