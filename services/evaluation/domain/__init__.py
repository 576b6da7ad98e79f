"""The aggregates of evaluation: period, rule set, case (one member in one period), rating invitation, feedback report, award round."""
