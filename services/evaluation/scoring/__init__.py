"""The dual-management score: a pure function from facts and published rules to an explained statement.

Read in this order: `facts` (what counts), `rule` and `rules/` (how each kind of rule judges), `rule_set` (what a district writes down),
`lines` (caps, rounding, explanation), `grading` (combination, reference grade), `engine` (`score`, all of it together).
"""
