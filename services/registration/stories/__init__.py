"""Stories (先进典型): texts about a member, drafted by unit or community, agreed to by the member, published by a secretary.

Streams: story/{id}.
Invariant: only the very text that the member agreed to is published, and only until the member withdraws; the text stays sealed.
"""
