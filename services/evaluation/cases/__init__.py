"""Cases: one member in one period. Both assessments, commendations, exemptions, waivers; the state that all who work on a case share.

Streams: case, also written by statements, hearings, appeals and handouts; `state.py` folds the events of all of them.
Invariant: an assessment or a grant that is repeated changes nothing.
"""
