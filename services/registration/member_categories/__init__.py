"""Members by category (六类党员): counts that communities declare, and the sums for streets and the district.

Streams: none of its own; the declarations are part of organisation/{id}.
Invariant: counts only, never names; every partition adds up to its total; in-service members are counted from registrations.
"""
