"""Disclosures (提供): names and addresses that other services ask for, to print a paper or send a letter.

Streams: none; it only reads.
Invariant: only services may ask; an address is given only with the member's consent; every answer is recorded as a reading.
"""
