"""Benchmarks: each alternates with its reference on the same servers in one run, and yields their ratio. `./guangcai bench --help`."""
