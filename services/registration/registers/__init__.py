"""Registers (信息簿): who is who in a community and in a unit, with names, and looking somebody up.

Streams: none; it only reads.
Invariant: names are opened for the organisation that manages the member and for nobody else, and every opening is recorded first.
"""
