"""Corrections (更正): a member says which field of the roster is wrong; the work unit agrees, or declines with a reason.

Streams: none of its own; the events are part of member/{id}.
Invariant: values stay sealed until the unit has agreed; a full number or address is read only with a purpose that is on record.
"""
