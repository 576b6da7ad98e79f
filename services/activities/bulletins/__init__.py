"""Monthly bulletins (简报): what a month of activities comes to, in counts, and the members who agreed to be named.

Streams: bulletin.
"""
