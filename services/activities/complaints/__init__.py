"""Complaints (投诉): lodged with the desk above, answered by a day, passed up when nobody answers.

Streams: complaint.
Invariant: whoever may be meant does not answer, nor does whoever complained; it is answered once.
"""
