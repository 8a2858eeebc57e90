"""Brokers and producers with the settings that lose nothing; the defaults of the libraries would."""

import logging
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from faststream.kafka import KafkaBroker
from faststream.kafka.security import parse_security
from faststream.middlewares import AckPolicy
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from chassis.settings import PLAINTEXT, KafkaSecurity, SaslMechanism

# Above the largest record (2 MB; aiokafka measures before compression) with its batch's overhead.
MAX_REQUEST_BYTES = 3_000_000
# Up to half a second of waiting for a new leader is usual; a broker that takes longer is away.
REQUEST_TIMEOUT_MS = 10_000
# So long may new partitions, or a topic that is made later, not be seen by a subscriber.
METADATA_MAX_AGE_MS = 30_000

CONSUMER_DEFAULTS: Final[dict[str, Any]] = {
    # FastStream's default is latest: what came before a new group's first start would be lost.
    "auto_offset_reset": "earliest",
    # How long a member takes to hear of a rebalance; all others wait for it.
    "heartbeat_interval_ms": 1000,
    # Bounds what lies in buffers, with the prefetch of one megabyte a partition.
    "fetch_max_bytes": 16 * 1024 * 1024,
    # To wait for a database or for free places is no reason to leave the group.
    "max_poll_interval_ms": 60 * 60 * 1000,
    "ack_policy": AckPolicy.MANUAL,
    "no_reply": True,
}
"""Settings of subscribers in a group."""

_LOGINS: dict[SaslMechanism, type[SASLPlaintext | SASLScram256 | SASLScram512]] = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}

# Of the time that a stop may take, what is kept for committing (3 s), leaving the group (3 s) and closing.
LEAVING_SECONDS = 8


def create_broker(
    *, bootstrap_servers: str, client_id: str, drain_seconds: float, security: KafkaSecurity = PLAINTEXT
) -> KafkaBroker:
    """A FastStream broker, not started: for subscribers. Stopping it takes `drain_seconds` at most."""
    return KafkaBroker(
        bootstrap_servers.split(","),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        max_request_size=MAX_REQUEST_BYTES,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        metadata_max_age_ms=METADATA_MAX_AGE_MS,
        allow_auto_create_topics=False,
        graceful_timeout=max(0.0, drain_seconds - LEAVING_SECONDS),
        security=_for_faststream(security),
        # Errors of fetching are told nowhere else.
        logger=logging.getLogger("faststream.kafka"),
        # Handlers take the message alone, and FastDepends would look it up in a thread.
        apply_types=False,
    )


def create_producer(
    *, bootstrap_servers: str, client_id: str, security: KafkaSecurity = PLAINTEXT
) -> AIOKafkaProducer:
    """A producer, not started: for the outbox relay, which pipelines what a broker would await."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers.split(","),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        max_request_size=MAX_REQUEST_BYTES,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        **parse_security(_for_faststream(security)),
    )


def create_reader(
    *, bootstrap_servers: str, client_id: str, security: KafkaSecurity = PLAINTEXT
) -> AIOKafkaConsumer:
    """A consumer without a group, not started: for partitions that are assigned by hand."""
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers.split(","),
        client_id=client_id,
        auto_offset_reset="earliest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        **parse_security(_for_faststream(security)),
    )


def create_admin(
    *, bootstrap_servers: str, client_id: str, security: KafkaSecurity = PLAINTEXT
) -> AIOKafkaAdminClient:
    """An admin client, not started."""
    return AIOKafkaAdminClient(
        bootstrap_servers=bootstrap_servers.split(","),
        client_id=client_id,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        **parse_security(_for_faststream(security)),
    )


def _for_faststream(security: KafkaSecurity) -> BaseSecurity:
    """A broker hands it on to its consumers and the producers of dead letters."""
    login = security.login
    if login is None:
        return BaseSecurity(ssl_context=security.tls)
    return _LOGINS[login.mechanism](login.username, login.password, ssl_context=security.tls)
