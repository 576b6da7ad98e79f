"""Responsibility areas (四包) and household groups (联户组): who looks after which part of a community.

Streams: area, household-group.
Invariant: homes are counted, never named; a member leads a group only by their own act or consent.
"""
