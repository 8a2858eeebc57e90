"""Retry policy: kinds of failures and delays."""

import asyncio
from json import JSONDecodeError

import pytest
from aiokafka.errors import KafkaConnectionError
from chassis.messaging.consuming.records import PoisonRecord
from chassis.messaging.consuming.retry import FailureKind, RetryPolicy
from hypothesis import given
from hypothesis import strategies as st


class ServiceUnavailable(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (PoisonRecord("It is bad."), FailureKind.POISON),
        (OSError(), FailureKind.TRANSIENT),
        (ConnectionResetError(), FailureKind.TRANSIENT),
        (TimeoutError(), FailureKind.TRANSIENT),
        (KafkaConnectionError(), FailureKind.TRANSIENT),
        (ValueError(), FailureKind.UNKNOWN),
        (JSONDecodeError("no", "", 0), FailureKind.UNKNOWN),
        (asyncio.CancelledError(), FailureKind.UNKNOWN),
        (ServiceUnavailable(), FailureKind.UNKNOWN),
    ],
)
def test_default_policy_classifies_failures(error: BaseException, failure: FailureKind) -> None:
    assert RetryPolicy().classify(error) is failure


def test_service_can_define_transient_and_poison_errors() -> None:
    assert (
        RetryPolicy(transient=(ServiceUnavailable,)).classify(ServiceUnavailable()) is FailureKind.TRANSIENT
    )
    assert RetryPolicy(poison=(PoisonRecord, KeyError)).classify(KeyError()) is FailureKind.POISON


@given(st.integers(1, 100_000))
def test_delays_grow_up_to_a_maximum(attempt: int) -> None:
    policy = RetryPolicy(base_delay=0.5, max_delay=30)
    full = min(30, 0.5 * 2 ** min(attempt - 1, 20))
    assert full / 2 <= policy.delay(attempt) <= full
