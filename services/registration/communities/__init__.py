"""Communities (社区) as members get to know them: introduction, honours and partner units (共建单位).

Streams: none of its own; the events are part of organisation/{id}.
Invariant: only a community introduces itself and has partners; honours belong to organisations, never to persons.
"""
