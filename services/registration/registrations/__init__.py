"""Registrations (报到): a member reports to a community, which confirms with a receipt; renewal, suspension, transfer and closure.

Streams: registration/{id}.
Invariant: one active registration per member, only with a live certificate and consent; leaving is never refused; nobody confirms
their own registration.
"""
