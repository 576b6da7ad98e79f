"""The event log on PostgreSQL: append, read, relay, consume, feed, rebuild, migrate. Knows no business word.

Read in this order: envelope, log (and migrations/0001_log.sql), commands, relay, consume, intents, feed, rebuild.
"""
