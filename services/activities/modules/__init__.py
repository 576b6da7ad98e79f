"""District modules (区级模块): what a district switches on for itself; everything is off at first.

Streams: module.
Invariant: a module is on only with all the rules that it asks for.
"""
