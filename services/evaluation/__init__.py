"""evaluation: what the confirmed facts of a period amount to, seen from both sides, explained point by point.

Owns      evaluation periods, rule sets, the evaluation case of each member and period (assessments, hearings, exemptions, statements,
          appeals, the grade that people confirm), residents' ratings, quarterly feedback reports, award rounds.
Publishes guangcai.evaluation.* (shared/contracts/evaluation).
Consumes  registration (who is registered where and since when, which entries are one person), activities (confirmed records,
          duties, six ones, absences, suggestions) and its own events; only kinds of events listed in facts/sources.py can ever
          become points.

The score is a pure function of facts (scoring/): nothing else is stored, so a rebuild gives the same statement to the hundredth.
A period and every row about it are forgotten five years after its end (retention/).
Whoever was handed a statement is asked to destroy it in time (handouts/).
Invariants: every line names its events; no ranking; the engine proposes a grade, unless the member refuses that, and has no word for
不合格; people decide.
"""
