"""Residents' needs (微心愿): recorded without a name, published, answered by a day.

Streams: need.
"""
