"""Records of service: logged, confirmed by somebody else, vouched for, corrected; a confirmed record changes by events only.

Streams: activity (shared with gatherings).
"""
