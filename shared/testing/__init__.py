"""Test support for all services: given/when/then for deciders, a service on real PostgreSQL, a guard against the network."""
