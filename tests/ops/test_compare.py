"""Comparing two runs of the demo, on small logs made by hand: what counts as a difference, what does not, and what is said about it."""

from copy import deepcopy
from uuid import UUID

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ops import cli
from ops.credentials import Credentials
from ops.demo.compare import MOST_SHOWN, compare, show
from ops.demo.logs import ERASED, open_fields, sealed_fields
from ops.keys import Keys
from ops.servers import ServerFailed
from services.registration.vault.keys import KeyRing
from shared.contracts.catalogue import published_events

POST, TEAM, LETTER = "post/1", "team/1", "notification/1"


def event(stream: str, version: int, name: str, /, **data: object) -> dict:
    service = "notifications" if stream == LETTER else "activities"
    return {
        "sequence": version,
        "streamversion": version,
        "recordedtime": "2026-01-01T00:00:00Z",
        "id": f"{stream} {version}",
        "type": f"guangcai.{service}.{name}.v1",
        "subject": stream,
        "correlationid": "c",
        "traceparent": "00-1",
        "data": data,
    }


def logs() -> dict:
    return {
        "activities": [
            event(POST, 1, "PostEstablished", capacity=2, duties=["a", "b"]),
            event(TEAM, 1, "TeamFormed", name="代理家长队"),
            event(POST, 2, "PostClaimed", member="x"),
            event(POST, 3, "PostClaimed", member="y"),
        ],
        "notifications": [event(LETTER, 1, "NotificationQueued"), event(LETTER, 2, "NotificationAttempted")],
    }


def said(a: dict, b: dict) -> str:
    console = Console(record=True, width=200, quiet=True)
    with console.capture() as capture:
        console.quiet = False
        show(compare(a, b), console)
    return capture.get()


def test_equal_logs_are_counted():
    assert compare(logs(), logs()).is_equal
    assert said(logs(), logs()) == "equal: 3 streams, 6 events\n"


def test_a_different_field_is_named_with_both_values():
    other = logs()
    other["activities"][0]["data"] |= {"capacity": 3, "duties": ["a"]}
    [difference] = compare(logs(), other).differences
    assert (difference.stream, difference.version) == (("activities", POST), 1)
    assert difference.fields == {"data.capacity": (2, 3), "data.duties[1]": ("b", "(absent)")}
    assert "activities post/1, version 1 (PostEstablished):\n  data.capacity: A 2, B 3\n" in said(logs(), other)


def test_another_event_is_a_difference_another_version_is_only_mentioned():
    other = logs()
    other["activities"][2]["type"] = "guangcai.activities.PostReleased.v1"
    types = ("guangcai.activities.PostClaimed.v1", "guangcai.activities.PostReleased.v1")
    assert compare(logs(), other).differences[0].fields == {"type": types}
    renumbered = logs()
    renumbered["activities"][2]["type"] = "guangcai.activities.PostClaimed.v2"
    assert said(renumbered, logs()) == (
        "another version: 1 × guangcai.activities.PostClaimed.v2 -> guangcai.activities.PostClaimed.v1\nequal: 3 streams, 6 events\n"
    )
    renumbered["activities"][2]["data"] = {"member": "z"}
    assert compare(renumbered, logs()).differences[0].fields == {"data.member": ("z", "x")}


@pytest.mark.parametrize("attribute", ["id", "correlationid", "subject"])
def test_attributes_of_the_envelope_count(attribute):
    other = logs()
    other["activities"][1][attribute] += "x"
    assert not compare(logs(), other).is_equal


def test_a_number_is_not_its_text_and_null_is_not_absence():
    for value in ("2", 2.0, None):
        other = logs()
        other["activities"][0]["data"]["capacity"] = value
        assert not compare(logs(), other).is_equal
    one, other = logs(), logs()
    one["activities"][1]["data"]["note"] = None
    assert not compare(one, other).is_equal


def test_another_order_of_versions_is_a_difference_where_it_begins():
    other = logs()
    _, _, second, third = other["activities"]
    second["data"], third["data"] = third["data"], second["data"]
    [difference] = compare(logs(), other).differences
    assert (difference.version, difference.fields) == (2, {"data.member": ("x", "y")})


def test_another_event_is_named_by_its_type_alone():
    other = logs()
    other["activities"][2] = event(POST, 2, "PostClaimWaitlisted", position=1)
    [difference] = compare(logs(), other).differences
    assert difference.fields == {"type": ("guangcai.activities.PostClaimed.v1", "guangcai.activities.PostClaimWaitlisted.v1")}


def test_an_extra_event_is_found_on_either_side():
    other = logs()
    other["activities"].append(event(POST, 4, "PostClosed"))
    for pair, types in (((logs(), other), ("(absent)", "PostClosed")), ((other, logs()), ("PostClosed", "(absent)"))):
        [difference] = compare(*pair).differences
        assert difference.version == 4
        assert [each.split(".")[2] if "." in each else each for each in difference.fields["type"]] == list(types)


def test_streams_of_one_side_are_counted_by_category():
    other = logs()
    other["activities"] = [each for each in other["activities"] if each["subject"] != TEAM]
    other["activities"] += [event("need/1", 1, "NeedRaised"), event("need/2", 1, "NeedRaised")]
    found = compare(logs(), other)
    assert (found.only_in_a, found.only_in_b) == ({"activities team": 1}, {"activities need": 2})
    assert "only in A: 1 × activities team\nonly in B: 2 × activities need\n" in said(logs(), other)


def test_what_concurrency_and_the_clock_decide_is_ignored():
    other = logs()
    for place, each in enumerate(reversed(other["activities"]), 1):
        each |= {"sequence": place, "recordedtime": "2027-01-01T00:00:00Z", "traceparent": f"00-{place}"}
    other["activities"].reverse()
    assert compare(logs(), other).is_equal


def test_only_events_of_letters_may_have_another_cause():
    for place, is_equal in ((0, False), (1, True)):
        other = logs()
        other["notifications"][place] |= {"id": "z", "correlationid": "z", "causationid": "z"}
        assert compare(logs(), other).is_equal is is_equal
    other = logs()
    other["notifications"][1]["data"]["reason"] = "z"
    assert not compare(logs(), other).is_equal


def test_a_long_list_of_differences_is_cut():
    other = {"activities": [event(f"post/{number}", 1, "PostEstablished", capacity=1) for number in range(MOST_SHOWN + 5)]}
    changed = deepcopy(other)
    for each in changed["activities"]:
        each["data"]["capacity"] = 2
    text = said(other, changed)
    assert text.count("version 1 (") == MOST_SHOWN
    assert "and 5 more streams" in text


MEMBER, OFFICE = UUID(int=1), UUID(int=2)
SEALED_AS = {
    "MemberEnrolled": {"name_sealed": "name", "phone_sealed": "phone", "email_sealed": "email"},
    "ContactDetailsChanged": {"phone_sealed": "phone", "email_sealed": "email"},
    "CorrectionRequested": {"value_sealed": "phone"},
    "CorrectionAgreed": {"value_sealed": "phone"},
    "OfficeAssigned": {"name_sealed": "office_name"},
    "StoryDrafted": {"title_sealed": "story_title", "text_sealed": "story_text"},
}


@pytest.mark.parametrize("name", SEALED_AS)
def test_sealed_fields_are_opened_with_the_key_of_their_owner(name):
    ring = KeyRing("yunxi", {MEMBER: bytes(32), OFFICE: bytes(31) + b"1"})
    owner = OFFICE if name == "OfficeAssigned" else MEMBER
    sealed = {field: ring.seal(owner, label, "明文") for field, label in SEALED_AS[name].items()}
    ids = {"member_id": str(MEMBER)} | ({"office_id": str(OFFICE)} if owner == OFFICE else {})
    opened = event("member/1", 1, name, **ids, field="PHONE", **sealed)
    open_fields(opened, ring)
    assert {opened["data"][field] for field in sealed} == {"明文"}


def test_every_contract_with_a_sealed_field_is_known_here():
    names = {cls.__name__ for cls in published_events() if any(field.endswith("_sealed") for field in cls.model_fields)}
    assert names == set(SEALED_AS)


def test_a_destroyed_key_shows_as_such_and_an_unknown_field_is_an_error():
    ring = KeyRing("yunxi", {MEMBER: bytes(32)})
    erased = event("member/1", 1, "MemberEnrolled", member_id=str(OFFICE), name_sealed=ring.seal(MEMBER, "name", "x"), phone_sealed=None)
    assert sealed_fields(erased) == ["name_sealed"]
    open_fields(erased, ring)
    assert erased["data"]["name_sealed"] == ERASED
    foreign = event("member/1", 1, "MemberEnrolled", member_id=str(MEMBER), name_sealed=ring.seal(MEMBER, "nickname", "x"))
    with pytest.raises(ServerFailed, match="name_sealed of guangcai"):
        open_fields(foreign, ring)


def test_what_is_no_data_of_a_demo_is_refused_and_left_alone(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "file").touch()

    def refusal(a: str, b: str) -> str:
        outcome = CliRunner().invoke(cli.app, ["demo", "compare", str(tmp_path / a), str(tmp_path / b)])
        assert outcome.exit_code == 1
        return outcome.output

    assert "one directory" in refusal("a", "a")
    assert "there is no directory" in refusal("missing", "a")
    assert "there is no directory" in refusal("file", "a")
    assert "holds no data of a demo" in refusal("a", "missing")
    assert not list((tmp_path / "a").iterdir())
    assert not (tmp_path / "missing").exists()


def test_data_of_a_server_that_all_demos_share_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANGCAI_POSTGRES_URL", "postgresql://localhost:1/postgres")
    monkeypatch.setenv("GUANGCAI_RABBITMQ_URL", "amqp://localhost:1/")
    for name in ("a", "b"):
        Keys(tmp_path / name / "keys")
        Credentials(tmp_path / name).password("postgres")
    outcome = CliRunner().invoke(cli.app, ["demo", "compare", str(tmp_path / "a"), str(tmp_path / "b")])
    assert outcome.exit_code == 1
    assert "GUANGCAI_POSTGRES_URL" in outcome.output


def test_keys_of_a_told_in_order_demo_are_the_same_every_time_except_for_tokens(tmp_path):
    first, second, other = (Keys(tmp_path / name, seed) for name, seed in (("a", "1"), ("b", "1"), ("c", None)))
    assert first.link_key == second.link_key != other.link_key
    assert first.vault_file.read_text() == second.vault_file.read_text() != first.link_key
    assert first.private_file.read_text() != second.private_file.read_text()
