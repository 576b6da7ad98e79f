"""One running service: its settings, its parts put together, probes and metrics, and the process that serves it."""
