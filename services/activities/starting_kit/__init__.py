"""Starting kit: a new community takes over model posts and series in one step.

Streams: none.
"""
