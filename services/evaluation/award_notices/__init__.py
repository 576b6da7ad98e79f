"""The public notice (公示) of an award round: who was chosen, objections and their answers, the result.

Streams: award-round. Invariant: no award before the notice is over and every objection answered.
"""
