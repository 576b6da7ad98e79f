"""Fault injection: real servers and services, a load with a recorded history, one fault at a time, then a check of all invariants.

Read in this order: history (requests and answers), load (who sends what), cluster (processes, proxies), trial (one fault under load),
world (the observed state afterwards), invariants (what must hold), scenarios (the faults), planted (defects that must be found).
"""
