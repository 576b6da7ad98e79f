"""Who is registered where and what they declared of themselves, as far as this service has to know it.

Streams: none; the rows come from events of registration alone.
"""
