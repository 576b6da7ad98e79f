"""Crossings (跨区报到): the work unit is in one district, the community in another.

Streams: crossing/{id} in the home district, guest/{id} in the host district.
Invariant: each district sees its own side only; what one side ends is ended on both; a repeated message changes nothing.
"""
