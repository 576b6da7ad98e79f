"""Notifications: lets members, work units and communities know what happened, and never more than they need.

Owns: notices (one per source event, recipient, kind and channel), the inbox, letters, digests, quiet hours, open letters to all members.
Publishes: NotificationQueued, NotificationAttempted, NotificationDeferred, NotificationDelivered, NotificationFailed, NotificationRead,
LetterBounced, AddressRested, AddressRenewed, OpenLetterSent.
Consumes: registration (who exists and belongs where, which entries are one person, consent to letters), activities, evaluation;
the table is catalogue.py.

Keeps no name and no address: both are asked from registration when a letter leaves and forgotten afterwards. A letter whose outcome is
unknown is never sent again. No notice is about somebody else's inactivity.
"""
