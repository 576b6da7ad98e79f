"""Contribution campaigns (捐赠): what is asked for, given and used, in sums and never by giver.

Streams: campaign.
Invariant: never more is used than came in, by kind and unit; nothing of it scores.
"""
