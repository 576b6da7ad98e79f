"""Service posts (公益岗位): created, opened, claimed, taken up, fulfilled; waiting lists promote in order of arrival.

Streams: post.
"""
