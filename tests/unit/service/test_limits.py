"""Token buckets: a burst at once, then a steady rate, for each key by itself, in bounded memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service import limits
from service.limits import TokenBuckets


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock as a list: its last value is now."""
    moments = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: moments[-1])
    return moments


def spend(buckets: TokenBuckets, key: str) -> int:
    count = 0
    while buckets.allow(key):
        count += 1
    return count


def test_a_burst_then_the_rate(passing: list[float]) -> None:
    buckets = TokenBuckets(burst=5, rate=2)
    assert spend(buckets, "a") == 5
    passing.append(101.0)
    assert spend(buckets, "a") == 2
    passing.append(101.4)
    assert spend(buckets, "a") == 0, "what was refused costs nothing and earns nothing"
    passing.append(101.5)
    assert spend(buckets, "a") == 1
    passing.append(1000.0)
    assert spend(buckets, "a") == 5, "waiting longer saves up no more than a burst"


def test_one_who_goes_on_asking_is_let_in_at_the_rate(passing: list[float]) -> None:
    """Hammering neither helps nor locks out for ever."""
    buckets = TokenBuckets(burst=1, rate=1)
    allowed = 0
    for tenth in range(1, 101):
        passing.append(100.0 + tenth / 10)
        allowed += buckets.allow("a")
    assert 10 <= allowed <= 11


def test_keys_do_not_share(passing: list[float]) -> None:
    buckets = TokenBuckets(burst=3, rate=1)
    assert spend(buckets, "a") == 3
    assert spend(buckets, "b") == 3


def test_old_keys_are_forgotten_first(passing: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEYS", 10)
    buckets = TokenBuckets(burst=1, rate=0.001)
    assert spend(buckets, "flooder") == 1
    for n in range(9):
        buckets.allow(f"k{n}")
        assert not buckets.allow("flooder"), "who is active stays known"
    for n in range(20):
        buckets.allow(f"other{n}")
    assert len(buckets._buckets) == 10


def test_threads_together_get_no_more_than_the_burst(passing: list[float]) -> None:
    buckets = TokenBuckets(burst=50, rate=1)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: buckets.allow("a"), range(400))) == 50


def test_what_costs_more_takes_more(passing: list[float]) -> None:
    buckets = TokenBuckets(burst=10, rate=1)
    assert buckets.allow("a", 9)
    assert not buckets.allow("a", 2), "what was refused costs nothing"
    assert buckets.allow("a", 1)


def test_what_costs_more_than_a_burst_needs_a_full_bucket(passing: list[float]) -> None:
    buckets = TokenBuckets(burst=5, rate=1)
    assert buckets.allow("a", 9)
    assert not buckets.allow("a")
    passing.append(104.9)
    assert not buckets.allow("a", 9)
    passing.append(105.0)
    assert buckets.allow("a", 9)
