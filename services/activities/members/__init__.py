"""Members as activities knows them: where they are registered, what they did, whose entries were merged, what is kept how long.

Streams: retention.
"""
