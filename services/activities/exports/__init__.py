"""Records for other systems: workbooks, outcomes, and the fields of MZ/T 061.

Streams: none.
"""
