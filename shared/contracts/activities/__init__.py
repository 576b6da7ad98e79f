"""Events of activities: posts and claims, teams, activities and their records, the six ones, suggestions, residents' needs, questionnaires.

Persons appear as pseudonymous ids only; `recorder`, `confirmed_by` and their like are subjects of principals. Durations are whole minutes
served, travel excluded. Streams: `post`, `activity`, `team`, `checklist` (member, year), `suggestion`, `matter`, `need`, `series`,
`module`, `programme-checklist`, `checklist-progress`, `certificate`, `pairing`, `area`, `household-group`, `campaign`, `register-entry`,
`affair`, `time-ledger` (by community), `retention`, `complaint`, `questionnaire`, `bulletin` (by community and month), `calendar-link`.
"""
