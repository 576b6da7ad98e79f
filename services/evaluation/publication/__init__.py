"""Publication of the statements of a period: ordered once the period is over, carried out a few members at a time, kept up to date.

Whatever may have changed a published statement has it computed again. Invariant: performing an order again changes nothing.
"""
