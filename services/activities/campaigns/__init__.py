"""Contribution campaigns (捐赠): what is asked for, given and used, in sums and never by giver.

Streams: campaign.
"""
