"""Sends the requests of simulated clients and records each operation as evidence."""

import json
import re
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.support.auth.tokens import bearer
from tools.chaos.checker.durability import Promise, promise_of
from tools.chaos.evidence.rows import Operation, OperationName

# The same timeout as the frontend's.
_TIMEOUT_SECONDS: Final = 10
_JSON: Final = "application/json"
# The overall score on a report page; the load's resumes are in English.
_SCORE: Final = re.compile(r'class="ring"[^>]* aria-label="[^"]*: (\d+) of 100"')


class OperationRecorder:
    """Send requests, and append one line per operation to `history`.

    `promises` has what 2xx responses promised and other database sessions have to find, with the time of the
    first such response.
    """

    def __init__(self, *, token: str, history: Path, clients: int) -> None:
        self._history = history.open("a")
        self._http = httpx2.AsyncClient(
            headers=bearer(token),
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=clients),
        )
        self._etags: dict[str, str] = {}
        self.promises: dict[Promise, float] = {}

    def use_token(self, token: str) -> None:
        """Send another token from now on."""
        self._http.headers.update(bearer(token))

    async def close(self) -> None:
        """Close the connections and the history."""
        await self._http.aclose()
        self._history.close()

    def etag_of(self, analysis_id: str) -> str | None:
        """Return the last ETag of an analysis's status."""
        return self._etags.get(analysis_id)

    async def send(
        self,
        client: int,
        op: OperationName,
        url: str,
        *,
        method: str = "DELETE",
        body: Mapping[str, object] | None = None,
        file: bytes | None = None,
        key: str | None = None,
        etag: str | None = None,
        analysis_id: str | None = None,
        resume_id: str | None = None,
        job_id: str | None = None,
    ) -> httpx2.Response | None:
        """Send a request and record it; return None if there was no response."""
        headers = {
            name: value for name, value in (("idempotency-key", key), ("if-none-match", etag)) if value
        }
        begun = time.monotonic()
        try:
            response = await self._http.request(
                method, url, json=body, files={"file": ("cv.txt", file)} if file else None, headers=headers
            )
        except httpx2.HTTPError:
            response = None
        ended = time.monotonic()
        code = None if response is None else response.status_code
        content_type = None if response is None else response.headers.get("content-type", "").split(";")[0]
        content: dict[str, Any] = {}
        # A 204 has no body, whatever its media type.
        if response is not None and code in (200, 201, 202) and content_type == _JSON:
            content = response.json()
        line: dict[str, Any] = {
            "client": client,
            "op": op,
            "begun": begun,
            "ended": ended,
            "key": key,
            "analysis_id": analysis_id or content.get("analysis_id"),
            "resume_id": resume_id or (content.get("id") if op == "upload" else None),
            "candidate_id": content.get("candidate", {}).get("id") if op == "candidate" else None,
            "job_id": job_id or (content.get("id") if op == "job-create" else None),
            "outcome": "unknown" if code is None else "ok" if code < 400 else "refused",
            "http": code,
            "status": content.get("status") if op == "status" else None,
            "has_result": None,
            "version": content.get("version") if op.startswith("job-") else None,
            "score": content.get("overall_score") if op == "result" else None,
            "etag": response.headers.get("etag") if response is not None else None,
            "content_type": content_type,
            "digest": sha256(response.content).hexdigest() if response is not None else None,
        }
        if code == 200 and op == "status":
            line["has_result"] = content["result"] is not None
        elif code == 200 and op == "result":
            line["has_result"] = content.get("overall_score") is not None
        elif response is not None and op == "report" and (shown := _SCORE.search(response.text)):
            line["score"] = int(shown[1])
        if op == "status" and analysis_id and line["etag"]:
            self._etags[analysis_id] = str(line["etag"])
        self._history.write(json.dumps(line) + "\n")
        if promise := promise_of(Operation(**line)):
            self.promises.setdefault(promise, ended)
        return response
