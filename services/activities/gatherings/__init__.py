"""Activities from plan to attendance: places, waiting list, sign-ups, leave, presence.

Streams: activity. The records feature writes to the same stream, so that a whole roster is confirmed in one act.
Invariant: never more sign-ups than places; an activity with records is neither cancelled nor changed.
"""
