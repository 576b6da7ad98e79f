"""Departures (退出): what follows when a member withdraws consent, is erased, or stays away after the registration ended.

Streams: none; it commands registrations, crossings and members.
Invariant: a member who leaves, leaves everywhere; half a year later the citizen number is no longer kept.
"""
