"""Records for other systems: workbooks, outcomes, and the fields of MZ/T 061.

Streams: none.
Invariant: only fields that we hold, members by number; every cell is text and none is read as a formula.
"""
