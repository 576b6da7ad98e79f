"""Calendars: official working days, activities as iCalendar files, secret links to a member's own, and sign-in codes.

Streams: calendar-link.
Invariant: nobody has to check in; a link shows its member's sign-ups to whoever holds it, until it is revoked.
"""
