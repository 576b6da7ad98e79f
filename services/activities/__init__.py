"""activities (岗位与活动): from a resident's need to a confirmed record of service.

Owns: posts with their claims and waiting lists, service teams, activities and their series with sign-ups, attendance and records, the
six ones and other checklists, service record certificates, bulletins (shared/privacy/names.py asks registration), suggestions,
practical matters, residents' needs, complaints, questionnaires, help pairings, responsibility areas,
household groups, contribution campaigns, open affairs, venues, partnerships, the time bank. Members are pseudonymous.
Publishes: PostEstablished, PostClaimed, PostTakenUp, PostReleased, PostFulfilled, ActivityPublished, AttendanceRecorded,
ActivityLogged, ActivityConfirmed, ActivityCorrected, ActivityVoided, SixOnesItemCompleted, SuggestionAdopted, HelpPairingStarted, …
Consumes: registration's MemberRegistered, RegistrationConfirmed, RegistrationClosed, MemberIdentitiesMerged, …; its own events.
Promises: claims only by the member's own act or recorded consent; nobody confirms their own record; a confirmed record changes only by
events that name what they correct; a whole roster is confirmed in three steps; nobody is alone with minors; minutes are no points.
"""
