"""Rule sets: what a district scores, version by version, and the public page that explains it to everybody.

Streams: rule-set. Invariant: published rules never change, and new ones without notice make nobody worse off.
"""
