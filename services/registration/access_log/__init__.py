"""The access log: who looked at whose personal data and what for, and how long that is kept.

Streams: access-log/{one per district}. The entries are in the table personal_data_access (migrations), written by vault/opening.py.
Invariant: every entry is kept for three years and deleted afterwards, a month at a time.
"""
