"""Accounts (账号): how a member signs in for the first time, by a code handed over in person, and which account acts as which member.

Streams: none of its own; the events are part of member/{id}.
Invariant: one account per member and one member per account; who does not hold number and code learns nothing.
"""
