"""Create the topics on the local broker."""

from chassis.messaging import topics
from contracts.topics import TOPICS, Topic

from local_stack.errors import StackError


async def create_topics(bootstrap_servers: str, wanted: tuple[Topic, ...] = TOPICS) -> None:
    """Create the topics of the contracts with one replica each. Safe to run again.

    Raises:
        StackError: the broker refused, or a topic has more partitions than the contracts define.
    """
    try:
        await topics.create_topics(wanted, bootstrap_servers=bootstrap_servers)
    except topics.TopicSetupError as error:
        raise StackError(str(error)) from error
