"""Rosters (花名册): workbooks and single entries by which units and the district put members on the roster and keep it right.

Streams: none of its own; the events are part of member/{id}. Outcomes of imports are kept in the table rosters (migrations).
Invariant: importing the same roster again adds nobody; one bad row never stops the others; problems never repeat what a cell says.
"""
