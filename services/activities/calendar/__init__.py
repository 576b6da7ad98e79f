"""Calendars: links that a calendar program subscribes to, files of planned activities, and codes to sign in with.

Streams: calendar-link.
"""
