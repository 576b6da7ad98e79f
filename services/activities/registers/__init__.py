"""Registers of a community: venues, partnerships, assets, and open affairs with their stages.

Streams: register-entry, affair.
"""
