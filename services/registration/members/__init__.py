"""Members (在职党员): one entry per person on a work unit's roster, with profile, contact details, consents, corrections and account.

Streams: member/{id}. The same stream holds corrections and the account, which the features corrections and accounts serve.
Invariant: personal fields enter sealed or not at all; withdrawing consent and erasure are never refused; nothing is added after erasure.
"""
