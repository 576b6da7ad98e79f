"""activities (岗位与活动): from a resident's need to a confirmed record of service.

Owns: posts with their claims and waiting lists, service teams, activities and their series with sign-ups, attendance and records, the
six ones and other checklists, service record certificates, the official working calendar (calendar.py: rules and files), suggestions,
practical matters, residents' needs. Members are pseudonymous ids; who is registered where is learnt from registration.
Publishes: PostEstablished, PostClaimed, PostTakenUp, PostReleased, PostFulfilled, ActivityPublished, AttendanceRecorded,
ActivityLogged, ActivityConfirmed, ActivityCorrected, ActivityVoided, SixOnesItemCompleted, SuggestionAdopted, …
Consumes: registration's MemberRegistered, RegistrationConfirmed, RegistrationClosed, MemberProfileUpdated, …; its own events.
Promises: claims only by the member's own act or recorded consent; nobody confirms their own record; a confirmed record changes only by
events that name what they correct; a whole roster is confirmed in three steps.
"""
