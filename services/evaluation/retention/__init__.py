"""Retention (G15): a period is given up five years after its end, and then no table says anything about it."""
