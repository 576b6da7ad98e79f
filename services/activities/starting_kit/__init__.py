"""Starting kit: a new community takes over model posts and series in one step.

Streams: none of its own; posts are proposed in theirs, series come as drafts to send.
Invariant: one post of each model per community and year; nothing is opened, announced or assigned.
"""
