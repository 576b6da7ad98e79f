"""Help pairings (结对帮扶): members who help somebody whom only the community knows.

Streams: pairing.
Invariant: nobody is alone with minors; whoever helps does not review.
"""
