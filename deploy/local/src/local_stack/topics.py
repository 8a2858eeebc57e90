"""The topics of the contracts on the local stack's broker."""

from chassis.messaging import topics
from contracts.topics import TOPICS, Topic

from local_stack.errors import StackError


async def create_topics(bootstrap_servers: str, wanted: tuple[Topic, ...] = TOPICS) -> None:
    """Make the broker's topics as the contracts say, one copy of each partition; safe to run again.

    Raises:
        StackError: the broker refused, or a topic has more partitions than it should.
    """
    try:
        await topics.create_topics(wanted, bootstrap_servers=bootstrap_servers)
    except topics.TopicsRefused as error:
        raise StackError(str(error)) from error
