"""Liaison certificates (联系证): a work unit sends a member to a community; the paper can be printed and checked.

Streams: certificate/{id}.
Invariant: a number is given once; a member holds at most one live certificate; a certificate is used once or revoked.
"""
