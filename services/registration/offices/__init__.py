"""Offices (任职): who is secretary, liaison officer, clerk or instructor of an organisation, from which day to which.

Streams: office/{id}.
Invariant: an organisation has one secretary and one instructor at a time; a term with a last day ends by itself.
"""
