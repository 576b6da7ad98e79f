"""Award rounds (评先选优): criteria, nominations, the member's consent, a panel that votes in secret.

Streams: award-round, also written by award_notices; `state.py` folds the events of both.
Invariants: nobody is put before the panel without their own consent, nobody is ranked, nothing of it becomes points.
"""
