"""Time bank: minutes credited, spent, transferred, expired. Minutes are never points; the sum of all accounts is 0.

Streams: time-ledger.
"""
