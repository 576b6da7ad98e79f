"""Organisations (组织): streets, communities, work units and what belongs to them, as one tree per district.

Streams: organisation/{id}. The same stream holds honours, partners, introductions and declared members, which the features communities
and member_categories serve.
Invariant: everything has its place in the tree; a name is unique per kind, and so is a unified social credit code.
"""
