"""Questionnaires (调查问卷): closed questions, answered on one-time codes, on a screen or on paper.

Streams: questionnaire.
Invariant: an answer leads to nobody, and a code gives one sheet.
"""
