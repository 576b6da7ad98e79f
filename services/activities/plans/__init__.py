"""What a member has planned on a day, and the warning when a day becomes too long. The warning refuses nothing.

Streams: none.
"""
