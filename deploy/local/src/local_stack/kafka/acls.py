"""Create the access rules (ACLs) of the contracts in Kafka. A job of docker compose and a helper of tests.

On Kubernetes, Strimzi creates them from KafkaUser objects. docs/security.md has the table for other clusters.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import CreateAclsRequest
from contracts.access import ACCESS_RULES, AccessRule, Operation

# The numbers in Kafka's protocol.
_RESOURCES: Final = {"topic": 2, "group": 3}
_OPERATIONS: Final[Mapping[Operation, int]] = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Delete": 6,
    "Alter": 7,
    "Describe": 8,
    "AlterConfigs": 11,
}
_LITERAL, _PREFIXED = 3, 4
_ALLOW: Final = 3
_ATTEMPTS: Final = 30


async def create_acls(rules: Sequence[AccessRule], **connection: Any) -> None:  # noqa: ANN401 - aiokafka's arguments
    """Grant each user its rights. Safe to run again; it never removes a rule.

    Args:
        connection: arguments for aiokafka's client. The user needs the right to alter the cluster.

    Raises:
        KafkaError: the broker did not answer, or refused.
    """
    # aiokafka's admin client cannot create ACLs.
    client = AIOKafkaClient(client_id="acls", **connection)
    try:
        await client.bootstrap()
        node = client.get_random_node()
        await client.ready(node)
        for rule in rules:
            for operation in rule.operations:
                answer = await client.send(
                    node,
                    CreateAclsRequest(
                        _RESOURCES[rule.resource],
                        rule.name,
                        _PREFIXED if rule.is_prefix else _LITERAL,
                        f"User:{rule.user}",
                        "*",
                        _OPERATIONS[operation],
                        _ALLOW,
                    ),
                )
                for code, message in answer.creation_responses:
                    if code:
                        raise for_code(code)(message)
    finally:
        await client.close()


async def main() -> int:
    """Create the access rules as the administrator named by the environment."""
    connection = {
        "bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": "admin",
        "sasl_plain_password": os.environ["KAFKA_ADMIN_PASSWORD"],
    }
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await create_acls(ACCESS_RULES, **connection)
        except KafkaError as error:
            if attempt == _ATTEMPTS:
                print(f"local_stack.kafka.acls: {type(error).__name__}: {error}", file=sys.stderr)
                return 1
            await asyncio.sleep(1)
        else:
            break
    print(f"local_stack.kafka.acls: {len(ACCESS_RULES)} rules")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
