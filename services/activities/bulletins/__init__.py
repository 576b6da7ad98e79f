"""Monthly bulletins (工作简报): a month of activities in counts, and the members who agreed to be named.

Streams: bulletin, for the names only.
Invariant: nobody is named who did not agree to this very bulletin; small counts are hidden.
"""
