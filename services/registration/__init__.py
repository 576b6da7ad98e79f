"""Registration (报到): who exists, who reports where, and the two papers between unit and community – certificate out, receipt back.

Owns      the organisations of a district, the members on the work units' rosters, liaison certificates (联系证), registrations (报到) with
          receipts (回执单), profiles, consents, stories (先进典型). The only service that holds personal data: sealed per member in the
          events, opened here only, every opening for others recorded (but of published stories), unreadable once the key is destroyed.
Publishes shared/contracts/registration.py and registration_organisations, _changes, _accounts, _crossings, _liaison, _stories.
Consumes  its own events.
Keeps     one active registration per member; one certificate, one use; one member per citizen number and district; consent gates entry,
          never exit; nobody confirms their own registration.
Start at  app.py (the features, one folder each), registrations/registration.py (the rules), policy.py (who may do what).
Shared    access.py (whose), acting.py, inputs.py, bulk.py, exports.py (lists as workbooks), display_names.py, willingness.py,
          numbers.py (printed numbers), citizen_number.py, personal_fields.py.
"""
