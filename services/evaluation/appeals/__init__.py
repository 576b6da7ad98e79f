"""Appeals against statements: decided by somebody independent, with reasons, and taken one level up once (G10).

Streams: case. Invariant: one appeal is open at a time, and as long as it is, no grade is shown.
"""
