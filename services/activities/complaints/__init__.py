"""Complaints: lodged with a named desk, answered by a day, passed up when nobody answers.

Streams: complaint.
"""
