"""The published language: every event of every service, one module per producer.

Imports pydantic and nothing of ours. A published (type, version) never changes; see docs/adr and CONTRIBUTING.
"""
