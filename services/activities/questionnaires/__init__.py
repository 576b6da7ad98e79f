"""Questionnaires: anonymous sheets, on paper or by code; an answer leads to nobody.

Streams: questionnaire.
"""
