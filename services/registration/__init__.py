"""Registration (报到): who exists, who reports where, and the two papers between unit and community – certificate out, receipt back.

Owns      the organisations of a district, the members on the work units' rosters, liaison certificates (联系证), registrations (报到) with
          receipts (回执单), profiles, consents, stories (先进典型). The only service that holds personal data: sealed per member in the
          events, opened here only, every opening for others recorded (but of published stories), unreadable once the key is destroyed.
Publishes shared/contracts/registration.py: OrganisationEstablished, MemberEnrolled, LiaisonCertificateIssued, MemberRegistered,
          RegistrationConfirmed, RegistrationReceiptIssued and -Acknowledged, RegistrationClosed, ConsentGiven, PersonalDataErased, …;
          registration_changes.py: transfers, corrections, …; registration_organisations.py: offices, programmes, …;
          registration_crossings.py: unit here, community elsewhere; registration_accounts.py; registration_liaison.py: who visited whom;
          registration_stories.py: texts about members, shown with their agreement only
Consumes  its own events.
Keeps     one active registration per member; one certificate, one use; one member per citizen number and district; consent gates entry,
          never exit; nobody confirms their own registration.
Start at  domain/registration.py (the rules), roster.py (a workbook from an office), vault.py (keys, sealing), papers.py (PDF),
          border.py (what districts tell each other), names.py (looking people up), api/.
"""
