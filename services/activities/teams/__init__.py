"""Service teams (志愿服务队): formed by communities, suggested by occupation.

Streams: team.
Invariant: members join and leave by their own act only.
"""
