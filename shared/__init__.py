"""What all services share: one package per job, and at the top what every feature uses (decider, feature, rows, identifiers, identity)."""
