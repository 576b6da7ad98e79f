"""Responsibility areas and household groups (网格): who looks after which part of a community.

Streams: area, household-group.
"""
