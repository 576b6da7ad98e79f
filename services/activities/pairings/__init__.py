"""Help pairings (结对帮扶) between members and households; nobody is alone with minors.

Streams: pairing.
"""
