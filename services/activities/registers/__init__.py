"""Registers of a community: venues, partnerships, and open affairs (居务公开) in three stages.

Streams: register-entry, affair.
Invariant: organisations only, never persons; an affair goes on only after the last day for comments.
"""
