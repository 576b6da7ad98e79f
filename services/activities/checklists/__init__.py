"""Checklists: the six ones (六个一) of every member, and the lists that a programme adds.

Streams: checklist (the six ones of a member and year), programme-checklist, checklist-progress.
Invariant: an item of the six ones is done exactly while a valid proof supports it; nobody ticks off their own.
"""
