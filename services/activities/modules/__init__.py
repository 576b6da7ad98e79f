"""District modules: what a district switches on for itself, with the rules that each asks for.

Streams: module.
"""
