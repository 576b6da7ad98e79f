"""Hearings: a deduction takes effect only after the member could answer, and somebody other than its proposer decides (G11).

Streams: case. Invariants: one deduction for one matter, and none that no event of the member shows.
"""
