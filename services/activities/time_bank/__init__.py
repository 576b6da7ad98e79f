"""Time bank (时间银行): minutes credited, spent, passed on, expired.

Streams: time-ledger, one for each community.
Invariant: the sum of all accounts is 0; minutes are never points.
"""
