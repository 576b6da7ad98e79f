"""The vault: keys of members, sealed fields, and the recorded way to plaintext (ADR 9).

Streams: none. Keys and the blind index are in a schema of their own (vault.sql), which only the vault's role can read.
Invariant: a destroyed key is never made again; whoever opens fields of others is recorded first.
"""
