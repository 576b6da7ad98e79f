"""Liaison contacts (联系工作制度): who of unit and community visited, met, called or wrote to the other, and about which matter.

Streams: liaison-contact/{id}.
Invariant: recorded once by one side and never edited; about matters, never about persons; never scored.
"""
