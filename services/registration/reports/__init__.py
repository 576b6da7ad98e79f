"""Reports (报表): counts of registrants, receipts that are outstanding, renewals that are due.

Streams: none; it only reads.
Invariant: nobody is named; small counts are hidden outside the administration.
"""
