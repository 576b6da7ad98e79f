"""Guard rails that belong to evaluation, as sentences that a machine checks. Others stand with the rule they protect."""

from services.evaluation.facts import sources as facts
from services.evaluation.policy import POLICY
from services.evaluation.scoring.facts import ATTRIBUTES, FactKind
from shared.contracts.evaluation import awards
from shared.contracts.evaluation.codes import ConfirmedGrade, ReferenceGrade, RubricItem
from shared.contracts.evaluation.periods import EvaluationPeriodOpened
from shared.contracts.event import Event
from shared.identity import Role

ALLOWED = {
    "guangcai.registration.RegistrationRenewed",
    "guangcai.activities.ActivityConfirmed",
    "guangcai.activities.ActivityCorrected",
    "guangcai.activities.ActivityVoided",
    "guangcai.activities.SixOnesItemCompleted",
    "guangcai.activities.SixOnesItemReopened",
    "guangcai.activities.PostTakenUp",
    "guangcai.activities.PostReleased",
    "guangcai.activities.PostFulfilled",
    "guangcai.activities.AttendanceRecorded",
    "guangcai.activities.SuggestionAdopted",
    "guangcai.evaluation.RatingSubmitted",
    "guangcai.evaluation.CommendationGranted",
    "guangcai.evaluation.DeductionUpheld",
    "guangcai.evaluation.DeductionDropped",  # takes back what an appeal struck out; by itself it counts for nothing
    "guangcai.evaluation.UnitAssessmentSubmitted",
}


def test_g1_only_these_events_can_ever_become_points() -> None:
    """Adding one is a decision about people, not about code: change this list in the same commit, and say why."""
    assert {event.TYPE for event in facts.FACTS} == ALLOWED
    assert all(issubclass(event, Event) for event in facts.FACTS)


def test_g1_claims_logs_and_profiles_do_not_score() -> None:
    silent = {"PostClaimed", "ActivityLogged", "ActivitySignedUp", "MemberProfileUpdated", "ConsentGiven", "TeamJoined", "NotificationRead"}
    assert not {event.__name__ for event in facts.FACTS} & silent


def test_g1_an_award_never_becomes_points_and_no_score_enters_a_round() -> None:
    of_rounds = [event for event in vars(awards).values() if isinstance(event, type) and issubclass(event, Event) and event is not Event]
    assert len(of_rounds) == 15
    assert not {*of_rounds} & {*facts.FACTS}
    figures = {"score", "points", "grade", "votes", "approvals", "place"}
    assert not figures & {name for event in of_rounds for name in event.model_fields}


def test_g8_no_kind_of_fact_speaks_of_money_or_of_using_the_software() -> None:
    words = {word for kind in FactKind for word in kind.lower().split("_")} | {name for names in ATTRIBUTES.values() for name in names}
    assert not words & {"money", "donation", "goods", "gift", "like", "login", "install", "share", "repost", "study", "online", "read"}


def test_g6_unqualified_exists_for_people_only() -> None:
    assert "UNQUALIFIED" not in ReferenceGrade.__members__
    assert set(ConfirmedGrade.__members__) - set(ReferenceGrade.__members__) == {"UNQUALIFIED"}
    assert POLICY["confirm_grade"] == {Role.UNIT_SECRETARY}


def test_g6_nobody_can_write_a_score_line() -> None:
    assert not [action for action in POLICY if "score" in action or "line" in action]


def test_the_unit_judges_four_things_and_private_life_is_not_among_them() -> None:
    assert set(RubricItem) == {"JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT"}


def test_g13_use_for_promotion_is_off_unless_decided() -> None:
    assert EvaluationPeriodOpened.model_fields["promotion_decision"].default is None
