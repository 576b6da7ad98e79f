"""Activities from plan to attendance: places, waiting list, sign-ups, leave, presence.

Streams: activity.
"""
