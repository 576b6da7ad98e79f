"""Score statements: published, restated when their figures change, and the grade that people confirm.

Streams: case. Invariants: the engine only proposes a grade, and does not even do that where the member refuses it; a statement that is
known and unchanged is not published again.
"""
