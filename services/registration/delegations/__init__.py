"""Delegations (委托): a part-time secretary lets somebody else act for one organisation during a limited time.

Streams: delegation/{id}.
Invariant: a delegation lasts a year at most and is not passed on.
"""
