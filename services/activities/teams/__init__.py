"""Service teams (服务队): formed by communities, joined by members.

Streams: team.
"""
