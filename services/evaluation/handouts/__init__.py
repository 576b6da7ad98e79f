"""Statements handed on: for an enabled occasion, to a named recipient, until a day (G13).

Streams: case. Invariant: nothing is handed on while it is under review.
"""
