"""Token buckets: a burst at once, then the rate; nobody's requests count for somebody else; memory stays bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.limits import Buckets, Limits, Rate, TooManyRequests

TEN = Rate(per_second=10, burst=5)


def taken(buckets: Buckets, key: str, moments: list[float]) -> int:
    """How many of the requests at these moments are let in."""
    count = 0
    for now in moments:
        try:
            buckets.take(key, now)
        except TooManyRequests:
            continue
        count += 1
    return count


def test_a_burst_is_let_in_and_no_more():
    assert taken(Buckets(TEN), "one", [0.0] * 20) == 5


def test_afterwards_the_rate_holds():
    buckets = Buckets(TEN)
    taken(buckets, "one", [0.0] * 20)
    assert taken(buckets, "one", [each / 100 for each in range(1, 101)]) == 10


def test_callers_do_not_share():
    buckets = Buckets(TEN)
    taken(buckets, "one", [0.0] * 20)
    assert taken(buckets, "other", [0.0] * 20) == 5


@given(st.lists(st.floats(0, 100), max_size=300))
def test_never_more_than_burst_and_rate(moments):
    moments.sort()
    span = moments[-1] - moments[0] if moments else 0
    assert taken(Buckets(TEN), "one", moments) <= 5 + span * 10 + 1e-6


@given(st.integers(1, 60), st.floats(0.1, 100))
def test_whoever_waits_as_long_as_said_is_let_in(burst, per_second):
    buckets = Buckets(Rate(per_second=per_second, burst=burst))
    taken(buckets, "one", [0.0] * burst)
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("one", 0.0)
    assert refused.value.retry_after >= 1
    buckets.take("one", refused.value.retry_after)


def test_a_crowd_of_callers_takes_no_more_memory():
    buckets = Buckets(TEN, most=100)
    for number in range(10_000):
        buckets.take(number, 0.0)
    assert len(buckets._full_at) == 100


def test_no_rate_is_no_limit():
    assert taken(Buckets(Rate(per_second=0, burst=1)), "one", [0.0] * 1000) == 1000


def test_rates_are_lifted_without_touching_sizes():
    lifted = Limits().without_rates()
    assert {lifted.principal.per_second, lifted.anonymous.per_second, lifted.secret.per_second, lifted.probe.per_second} == {0}
    assert Limits.model_validate_json(lifted.model_dump_json()) == lifted
    assert lifted.body_bytes == Limits().body_bytes
