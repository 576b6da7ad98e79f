"""What tests of every service share: given/when/then for deciders, a service under test on real PostgreSQL, a guard against the network."""
