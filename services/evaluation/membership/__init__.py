"""Membership: who is registered where and since when, and which entries are one person.

Invariant: rows stay under the id that their event names; which entry remains is decided when somebody reads.
"""
