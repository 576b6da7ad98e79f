"""Service posts (公益岗位): proposed, established, claimed, taken up, released, fulfilled.

Streams: post, with its claims and waiting list.
Invariant: at most as many holders as places, nobody overtakes on the waiting list, at most three posts per member.
"""
