"""Benchmarks: every figure is a ratio within one run, ours and its reference alternating on the same servers. `./guangcai bench --help`."""
