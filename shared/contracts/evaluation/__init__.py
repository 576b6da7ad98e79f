"""What evaluation publishes: periods, rule sets, assessments, ratings, hearings, score statements, appeals, award rounds.

Streams: `period`, `rule-set`, `case` (member and period), `invitation`, `feedback-report`, `award-round`. No name, only pseudonymous ids.
"""
