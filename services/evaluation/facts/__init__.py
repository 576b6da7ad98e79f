"""Facts: which events can become points, and the table of what they say. Nothing that is not listed in `sources.py` can ever score (G1)."""
