"""RabbitMQ's definitions: the password hash that it expects, and permissions limited to a service's own queues."""

import re

from ops.servers.definitions import SERVICES, definitions, password_hash, service_permission

PASSWORDS = {name: f"secret of {name}" for name in ("admin", *SERVICES)}


def test_hash_is_the_one_of_the_documentation():
    # RabbitMQ documentation, "Passwords", worked example: salt 908D C60A, password test12.
    assert password_hash("test12", bytes.fromhex("908DC60A")) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"


def test_rights_reach_the_own_queues_and_the_shared_exchanges():
    allowed = re.compile(service_permission("registration"))
    assert all(allowed.search(name) for name in ("guangcai.events", "guangcai.dead", "guangcai.history", "guangcai.registration"))
    assert allowed.search("guangcai.registration.replies")
    for name in ("guangcai.activities", "guangcai.registrations", "xguangcai.events", "guangcai.events2", "", "amq.topic"):
        assert not allowed.search(name), name


def test_every_service_has_a_user_on_every_virtual_host_and_none_is_administrator():
    document = definitions(PASSWORDS, ["one", "two"])
    pairs = {(permission["user"], permission["vhost"]) for permission in document["permissions"]}
    assert pairs == {(user, vhost) for user in ("admin", *SERVICES) for vhost in ("one", "two")}
    assert [user["name"] for user in document["users"] if user["tags"]] == ["admin"]


def test_definitions_are_stable_and_hold_no_password():
    text = str(definitions(PASSWORDS))
    assert text == str(definitions(PASSWORDS))
    assert not any(password in text for password in PASSWORDS.values())
