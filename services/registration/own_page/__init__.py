"""The own page (本人页面): everything that registration knows about a member, shown to that member, also as a copy to take along.

Streams: none; it only reads.
Invariant: nobody else reads this page; the citizen number stays masked.
"""
