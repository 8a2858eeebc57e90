"""Measures one analyzer with 256 concurrent analyses that wait for a slow model."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from contracts.envelope import decode, encode
from contracts.events import AnalysisSucceeded
from contracts.topics import ANALYSIS_RESULTS
from contracts.vocabulary import Depth
from local_stack.ports import LOOPBACK, free_ports
from local_stack.processes.process import Process
from local_stack.service import Service

from tests.support import events
from tests.support.fakes.model import FakeModel, FakeReply, Json
from tests.support.fakes.model_behaviour import FakeModelBehaviour
from tests.support.telemetry.process_usage import cpu_seconds, own_memory_mb
from tools.bench.bars import Bar
from tools.bench.measurements.memory import sample_memory
from tools.bench.testbed import DATA, Testbed

IN_FLIGHT: Final = 256
MODEL_SECONDS: Final = 5.0
# The number of full windows. The rate between start and end excludes the first and the last one.
WAVES: Final = 7
MEMORY_MB: Final = 400


class _FakeSlowModel(FakeModel):
    """Answer sensibly after a fixed time."""

    def __init__(self) -> None:
        super().__init__()
        self._behaviour = FakeModelBehaviour("sensible")

    def reply_to(self, request: Json) -> FakeReply:
        return FakeReply(body=self._behaviour(request).body, wait=MODEL_SECONDS)


async def waiting_bars(testbed: Testbed) -> list[Bar]:
    """Measure the analyzer alone between two topics, while the other services are stopped."""
    await testbed.settle()
    await testbed.stack.stop("analyzer", "results-api")
    await testbed.empty_topics()
    count = IN_FLIGHT * WAVES
    async with _model() as port:
        (own_port,) = free_ports(1)
        analyzer = Service(
            name="analyzer",
            package="analyzer",
            port=own_port,
            environment={
                **testbed.stack.environment(),
                "ANALYZER_PORT": str(own_port),
                "ANALYZER_CONCURRENCY": str(IN_FLIGHT),
                "OPENAI_API_KEY": "none",
                "OPENAI_BASE_URL": f"http://{LOOPBACK}:{port}/v1",
            },
        )
        analyzer.process.output = DATA / "analyzer.log"
        await analyzer.start()
        try:
            pid = analyzer.process.pid
            assert pid is not None
            await _through(testbed, 20)
            before = cpu_seconds(pid)
            async with sample_memory({"analyzer": pid}) as memory:
                reported = await _through(testbed, count)
            cpu = (cpu_seconds(pid) - before) / count
        finally:
            await analyzer.stop()
    what = f"{IN_FLIGHT} in flight on a {MODEL_SECONDS:.0f} s model"
    ideal = IN_FLIGHT / MODEL_SECONDS
    first, last = reported[IN_FLIGHT - 1], reported[-IN_FLIGHT - 1]
    between = (count - 2 * IN_FLIGHT) / (last - first)
    rate = count / reported[-1]
    peak = max(memory["analyzer"])
    process_mb = await _celery_process_mb()
    celery_rate = MEMORY_MB / process_mb / MODEL_SECONDS
    return [
        Bar(
            what=f"{what}: rate, of the ideal, start and end included",
            measured=rate / ideal,
            direction="at least",
            limit=0.9,
            seen=f"{count} in {reported[-1]:.1f} s, ideal {count / ideal:.0f} s; between start and end "
            f"{between:.1f}/s to {ideal:.1f}/s; {cpu * 1000:.1f} ms CPU each",
        ),
        Bar(
            what=f"{what}: memory of the process",
            measured=peak,
            direction="at most",
            limit=MEMORY_MB,
            unit=" MB",
        ),
        Bar(
            what=f"{what}: rate, of Celery's in {MEMORY_MB} MB",
            measured=rate / celery_rate,
            direction="at least",
            limit=5,
            seen=f"reckoned: a Python process with the rules holds {process_mb:.0f} MB and waits for one",
        ),
    ]


async def _through(testbed: Testbed, count: int) -> list[float]:
    """Publish requests and return when each report arrived, in seconds from the first request."""
    servers = testbed.stack.kafka.bootstrap_servers
    text = await testbed.text()
    producer = AIOKafkaProducer(bootstrap_servers=servers, compression_type="lz4", linger_ms=5)
    consumer = AIOKafkaConsumer(ANALYSIS_RESULTS, bootstrap_servers=servers, auto_offset_reset="latest")
    await asyncio.gather(producer.start(), consumer.start())
    await consumer.seek_to_end()
    wanted: set[str] = set()
    reported: list[float] = []
    try:
        for each in consumer.assignment():
            await consumer.position(each)
        began = time.monotonic()
        for number in range(count):
            context = events.analysis_context(resume_id=uuid4(), depth=Depth.STANDARD)
            # Each text is unique, because the analyzer caches answers.
            event = events.requested(
                context, text=f"{text}\n- Led project {number} {context.analysis_id.hex}"
            )
            message = encode(event, source="/bench", traceparent=None)
            wanted.add(str(context.analysis_id))
            headers = [(name, value.encode()) for name, value in message.headers.items()]
            await producer.send(
                message.topic, message.value.encode(), key=message.key.encode(), headers=headers
            )
        async with asyncio.timeout(60 + 10 * MODEL_SECONDS * WAVES):
            async for record in consumer:
                headers_of = {name: value.decode() for name, value in record.headers}
                if headers_of["ce_type"] != AnalysisSucceeded.type:
                    continue
                event_of = decode(record.value, headers_of)
                assert isinstance(event_of, AnalysisSucceeded)
                if event_of.report.detailed_scores.model_run is None:
                    raise RuntimeError("an analysis was scored without the model")
                analysis_id = str(event_of.analysis.analysis_id)
                if analysis_id in wanted:
                    wanted.remove(analysis_id)
                    reported.append(time.monotonic() - began)
                if not wanted:
                    return reported
    finally:
        await asyncio.gather(producer.stop(), consumer.stop())
    raise RuntimeError("the results ended early")


@asynccontextmanager
async def _model() -> AsyncIterator[int]:
    """Run the fake model in a separate process, so that it does not share a core with the bench."""
    (port,) = free_ports(1)
    process = Process(
        name="model",
        command=[sys.executable, "-m", "tools.bench.measurements.slow_model", str(port)],
        env=dict(os.environ),
    )
    await process.start()
    try:
        yield port
    finally:
        await process.stop()


async def _celery_process_mb() -> float:
    """Return the memory of a process that only loads the rules, like one of a Celery worker."""
    code = (
        "import time; import scoring.report.builder; from scoring.rubric import load_rubric; load_rubric();"
        " print('ready', flush=True); time.sleep(60)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        return own_memory_mb(process.pid)
    finally:
        process.kill()
        await process.wait()


async def _serve(port: int) -> None:
    model = _FakeSlowModel()
    server = await asyncio.start_server(model.serve, LOOPBACK, port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
