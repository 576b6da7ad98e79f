"""Pure rules of activities: one decider per aggregate. Time, ids and facts about other streams arrive in commands."""
