"""Records as aiokafka delivers them."""

from aiokafka import ConsumerRecord


def raw_record(
    offset: int = 0,
    *,
    key: bytes | None = None,
    value: bytes | None = b"{}",
    headers: tuple[tuple[str, bytes | None], ...] = (),
    partition: int = 0,
    timestamp: int = 1_700_000_000_000,
) -> ConsumerRecord:
    return ConsumerRecord(
        topic="things",
        partition=partition,
        offset=offset,
        timestamp=timestamp,
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=len(key or b""),
        serialized_value_size=len(value or b""),
        headers=headers,
    )
