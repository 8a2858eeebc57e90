"""Kafka clients whose settings lose no records, which the defaults of the libraries would."""

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
# Waiting up to half a second for a new leader is usual; a broker that takes longer is unavailable.
REQUEST_TIMEOUT_MS = 10_000
# A subscriber sees new partitions and new topics after this time at the latest.
METADATA_MAX_AGE_MS = 30_000

CONSUMER_DEFAULTS: Final[dict[str, Any]] = {
    # With FastStream's default, latest, a new group would miss the records before its first start.
    "auto_offset_reset": "earliest",
    # A member learns of a rebalance with its next heartbeat, and all other members wait for it.
    "heartbeat_interval_ms": 1000,
    # Bounds the memory of fetched records, beside the prefetch of one megabyte for each partition.
    "fetch_max_bytes": 16 * 1024 * 1024,
    # A subscriber that waits for a database or for free capacity must not leave the group. An analysis with a
    # slow model may take 3 hours at its longest.
    "max_poll_interval_ms": 4 * 60 * 60 * 1000,
    "ack_policy": AckPolicy.MANUAL,
    "no_reply": True,
}
"""Settings of subscribers in a consumer group."""

_LOGINS: dict[SaslMechanism, type[SASLPlaintext | SASLScram256 | SASLScram512]] = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}

# Reserved from the time of a stop for committing (3 s), leaving the group (3 s) and closing connections.
LEAVING_SECONDS = 8


def create_broker(
    *, bootstrap_servers: str, client_id: str, drain_seconds: float, security: KafkaSecurity = PLAINTEXT
) -> KafkaBroker:
    """Create a FastStream broker for subscribers. Stopping it takes at most `drain_seconds`."""
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
        # The only place where FastStream reports errors of fetching.
        logger=logging.getLogger("faststream.kafka"),
        # Handlers need no injected dependencies, and FastDepends would resolve them in a thread.
        apply_types=False,
    )


def create_producer(
    *, bootstrap_servers: str, client_id: str, security: KafkaSecurity = PLAINTEXT
) -> AIOKafkaProducer:
    """Create a producer that pipelines messages; FastStream's broker would await each of them."""
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
    """Create a consumer without a group, for partitions that the caller assigns."""
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
    """Create an admin client."""
    return AIOKafkaAdminClient(
        bootstrap_servers=bootstrap_servers.split(","),
        client_id=client_id,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        **parse_security(_for_faststream(security)),
    )


def _for_faststream(security: KafkaSecurity) -> BaseSecurity:
    login = security.login
    if login is None:
        return BaseSecurity(ssl_context=security.tls)
    return _LOGINS[login.mechanism](login.username, login.password, ssl_context=security.tls)
