"""What the system promises under faults, tried: real servers and services, a load with its history, one fault at a time, then judged.

Read in this order: history (what was asked and answered), load (who asks what), cluster (processes, proxies), trial (one fault under load),
world (what there is to see afterwards), invariants (what must hold in it), scenarios (the faults), planted (defects to be found).
"""
