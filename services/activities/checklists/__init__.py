"""Checklists: the six ones (六个一) of every member, and the lists that a programme adds.

Streams: checklist, programme-checklist, checklist-progress.
"""
