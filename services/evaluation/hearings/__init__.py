"""Hearings: a deduction takes effect only after the member could answer, and somebody other than its proposer decides (G11).

Streams: case. Invariant: one deduction for one event.
"""
