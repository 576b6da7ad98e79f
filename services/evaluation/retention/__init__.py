"""Retention (G15): five years after its end a period is forgotten, with every row about it."""
