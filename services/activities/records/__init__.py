"""Records of service: logged, confirmed with the whole roster, vouched for, corrected, voided; outcomes.

Streams: activity, shared with gatherings: one state, two deciders.
Invariant: nobody confirms their own record; a confirmed record changes only by events that name what they correct.
"""
