"""Clients as they are: most repeat a POST with its key until it is answered, some do not; all write down what
they saw."""

import asyncio
import json
import random
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2

from tests.support import files
from tests.support.auth.tokens import bearer
from tests.support.polling import eventually
from tools.chaos.checker.durability import Promise, promise_of
from tools.chaos.evidence.rows import Operation

# Of the operations of a client, how often.
_WITHOUT_KEY: Final = 0.15
_CANCEL: Final = 0.03
_DELETE: Final = 0.01
_RESULT: Final = 0.2
# A candidate or a resume that nothing is done with but to look for it.
_CREATE: Final = 0.02
_INDUSTRIES: Final = ("strategy_tech", "consulting", "data_ai")
_REPEAT_SECONDS: Final = 0.25
# A client asks for no more while so many of its analyses run: what piles up has to be worked off after.
UNFINISHED: Final = 8
# More than any client ever asks for: it does not wait.
ANY_NUMBER: Final = 1_000_000
CREATED: Final = 201
_POLL_SECONDS: Final = 0.1
_GONE: Final = "gone"
_ENDED: Final = frozenset({"completed", "failed", "cancelled", "erased"})
# A client waits as long as the frontend does.
_TIMEOUT_SECONDS: Final = 10
# How long a client goes on repeating a POST after the run; the services are back by then.
PATIENCE_SECONDS: Final = 60


class Load:
    """`clients` at once, each with a pause of `pace` seconds, on average, between its analyses.

    Every second client uses the gateway, where there is one. `promises` are all that clients were told in a
    2xx and another session has to find, with when they were first told so. The model is not asked for `depth`
    quick.

    Each analysis has a code of its own in its focus areas, and each resume in its text: the canaries.
    """

    def __init__(
        self,
        *,
        request_api_urls: list[str],
        results_api_urls: list[str],
        gateway_url: str | None = None,
        token: str,
        history: Path,
        clients: int = 12,
        pace: float = 1.0,
        at_most: int | None = None,
        unfinished: int = UNFINISHED,
        resumes: int = 6,
        to_delete: int = 6,
        depth: str = "standard",
        seed: int = 1,
    ) -> None:
        self._requests = request_api_urls
        self._results = results_api_urls
        self._gateway = gateway_url
        self._history = history.open("a")
        self._clients = clients
        self.pace = pace
        self._at_most = at_most
        self._unfinished = unfinished
        self._depth = depth
        self._counts = (resumes, to_delete)
        self._random = random.Random(seed)  # noqa: S311 - to be repeated
        self._http = httpx2.AsyncClient(
            headers=bearer(token),
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=clients),
        )
        self._kept: list[str] = []
        self._to_delete: list[str] = []
        self._stopping = False
        self._gives_up = float("inf")
        self._tasks: list[asyncio.Task[None]] = []
        self._etags: dict[str, str] = {}
        self._numbered = 0
        self._uploaded = 0
        self._candidate_id = ""
        self.promises: dict[Promise, float] = {}
        self.accepted: list[str] = []
        self.canaries: list[dict[str, object]] = []

    async def upload(self) -> None:
        """Make the resumes that all analyses are of: reading a file is not what is tried here."""
        kept, to_delete = self._counts
        candidate = await self._create_candidate(0)
        assert candidate is not None, "no candidate"
        self._candidate_id = candidate
        for number in range(kept + to_delete):
            resume_id = await self._upload(0)
            assert resume_id is not None, "no resume"
            (self._kept if number < kept else self._to_delete).append(resume_id)

    async def _create_candidate(self, client: int) -> str | None:
        body = {"first_name": "Mirela", "last_name": "Okonjo"}
        url = f"{self._request_api(client)}/api/v1/candidates"
        answer = await self._send(client, "candidate", url, method="POST", body=body)
        if answer is None or answer.status_code != CREATED:
            return None
        candidate_id: str = answer.json()["candidate"]["id"]
        return candidate_id

    async def _upload(self, client: int) -> str | None:
        """Upload a resume with a canary of its own."""
        self._uploaded += 1
        canary = f"CANARY-R{self._uploaded:06}"
        line = f"- Led the programme {canary} to its end, 4 months early.\n- Reduced".encode()
        text = files.strong_resume_txt().replace(b"- Reduced", line, 1)
        noted: dict[str, object] = {"analysis_id": None, "resume_id": "unknown", "canary": canary}
        self.canaries.append(noted)
        url = f"{self._request_api(client)}/api/v1/resume_upload/candidates/{self._candidate_id}/resumes"
        answer = await self._send(client, "upload", url, method="POST", file=text)
        if answer is None or answer.status_code != CREATED:
            return None
        resume_id: str = answer.json()["id"]
        noted["resume_id"] = resume_id
        return resume_id

    def start(self) -> None:
        """Begin in the background."""
        self._tasks = [
            asyncio.create_task(self._client(number), name=f"client {number}")
            for number in range(self._clients)
        ]

    async def stop(self) -> None:
        """Ask for nothing new; returns once all that has a key was answered."""
        self._stopping = True
        self._gives_up = time.monotonic() + PATIENCE_SECONDS
        await self.done()

    async def done(self) -> None:
        """Wait until all clients have ended by themselves."""
        await asyncio.gather(*self._tasks)

    async def poll_all(self) -> None:
        """Ask for the status of every analysis."""
        for analysis_id in self.accepted:
            await self._has_ended(0, analysis_id, with_etag=False)

    def use(self, token: str) -> None:
        """Be known by another token from now on."""
        self._http.headers.update(bearer(token))

    async def close(self) -> None:
        """Look at every analysis a last time, and write no more."""
        await self.poll_all()
        await self._http.aclose()
        self._history.close()

    async def delete_resume(self, client: int = 0) -> None:
        """Delete one of those that were uploaded for it."""
        resume_id = self._to_delete.pop()
        url = f"{self._request_api(client)}/api/v1/resume_upload/{resume_id}"
        await self._send(client, "delete", url, resume_id=resume_id)

    async def _client(self, number: int) -> None:
        mine: list[str] = []
        unfinished: list[str] = []
        chance = self._random.random
        while not self._stopping and (self._at_most is None or self._numbered < self._at_most):
            accepted = await self._submit(number) if len(unfinished) < self._unfinished else None
            if accepted is not None:
                for ids in (mine, unfinished, self.accepted):
                    ids.append(accepted)
            if unfinished:
                analysis_id = self._random.choice(unfinished)
                if await self._has_ended(number, analysis_id, with_etag=chance() < 0.5):
                    unfinished.remove(analysis_id)
            if mine:
                await self._use(number, mine)
            if self._to_delete and chance() < _DELETE:
                await self.delete_resume(number)
            if chance() < _CREATE:
                await (self._upload if chance() < 0.5 else self._create_candidate)(number)
            await asyncio.sleep(self._random.uniform(0, 2 * self.pace))

    async def _use(self, client: int, mine: list[str]) -> None:
        """Cancel the last analysis, or read the result of any, now and then."""
        if self._random.random() < _CANCEL:
            url = f"{self._request_api(client)}/api/v1/analysis/{mine[-1]}/cancel"
            await self._send(client, "cancel", url, analysis_id=mine[-1])
        if self._random.random() < _RESULT:
            await self._result(client, self._random.choice(mine))

    async def _submit(self, client: int) -> str | None:
        """The id, where there was an answer that has one."""
        self._numbered += 1
        canary = f"CANARY-A{self._numbered:06}"
        resume_id = self._random.choice([*self._kept, *self._to_delete])
        key = None if self._random.random() < _WITHOUT_KEY else str(uuid4())
        body = {
            "industry": self._random.choice(_INDUSTRIES),
            "focus_areas": [canary],
            "analysis_depth": self._depth,
        }
        noted: dict[str, object] = {"analysis_id": None, "resume_id": resume_id, "canary": canary}
        self.canaries.append(noted)
        while True:
            answer = await self._send(
                client,
                "submit",
                f"{self._request_api(client)}/api/v1/analysis/resumes/{resume_id}/analyze",
                method="POST",
                body=body,
                key=key,
                resume_id=resume_id,
            )
            if answer is not None and answer.status_code == 202:
                analysis_id: str = answer.json()["analysis_id"]
                noted["analysis_id"] = analysis_id
                return analysis_id
            is_final = answer is not None and answer.status_code < 500
            if key is None or is_final or time.monotonic() > self._gives_up:
                return None
            await asyncio.sleep(_REPEAT_SECONDS)

    async def complete_one(self, client: int) -> None:
        """Ask for an analysis until one is completed, as seen by this client."""
        while True:
            analysis_id = await self._submit(client)
            if analysis_id is None:
                continue
            self.accepted.append(analysis_id)
            status = await eventually(
                partial(self._status, client, analysis_id),
                until=lambda status: status in (*_ENDED, _GONE),
                deadline_seconds=PATIENCE_SECONDS,
                every_seconds=_POLL_SECONDS,
            )
            if status == "completed":
                return

    async def _has_ended(self, client: int, analysis_id: str, *, with_etag: bool) -> bool:
        etag = self._etags.get(analysis_id) if with_etag else None
        return await self._status(client, analysis_id, etag=etag) in (*_ENDED, _GONE)

    async def _status(self, client: int, analysis_id: str, *, etag: str | None = None) -> str | None:
        """Return the status; None where it is unknown or as before. What was erased is gone."""
        url = f"{self._results_api(client)}/api/v1/analysis/analysis/{analysis_id}/status"
        answer = await self._send(client, "status", url, method="GET", analysis_id=analysis_id, etag=etag)
        if answer is None or answer.status_code not in (200, 404):
            return None
        status: str = _GONE if answer.status_code == 404 else answer.json()["status"]
        return status

    async def _result(self, client: int, analysis_id: str) -> None:
        url = f"{self._results_api(client)}/api/v1/analysis/analysis/{analysis_id}"
        await self._send(client, "result", url, method="GET", analysis_id=analysis_id)

    def _request_api(self, client: int) -> str:
        return self._where(client, self._requests)

    def _results_api(self, client: int) -> str:
        return self._where(client, self._results)

    def _where(self, client: int, instances: list[str]) -> str:
        return self._gateway if self._gateway and client % 2 else self._random.choice(instances)

    async def _send(
        self,
        client: int,
        op: str,
        url: str,
        *,
        method: str = "DELETE",
        body: Mapping[str, object] | None = None,
        file: bytes | None = None,
        key: str | None = None,
        etag: str | None = None,
        analysis_id: str | None = None,
        resume_id: str | None = None,
    ) -> httpx2.Response | None:
        """One operation, written down; None where no answer came."""
        headers = {
            name: value for name, value in (("idempotency-key", key), ("if-none-match", etag)) if value
        }
        begun = time.monotonic()
        try:
            answer = await self._http.request(
                method, url, json=body, files={"file": ("cv.txt", file)} if file else None, headers=headers
            )
        except httpx2.HTTPError:
            answer = None
        ended = time.monotonic()
        code = None if answer is None else answer.status_code
        seen = answer.json() if answer is not None and code in (200, 201, 202) else {}
        line: dict[str, Any] = {
            "client": client,
            "op": op,
            "begun": begun,
            "ended": ended,
            "key": key,
            "analysis_id": analysis_id or seen.get("analysis_id"),
            "resume_id": resume_id or (seen.get("id") if op == "upload" else None),
            "candidate_id": seen.get("candidate", {}).get("id") if op == "candidate" else None,
            "outcome": "unknown" if code is None else "ok" if code < 400 else "refused",
            "http": code,
            "status": seen.get("status") if op == "status" else None,
            "has_result": None,
            "etag": answer.headers.get("etag") if answer is not None else None,
        }
        if code == 200 and op == "status":
            line["has_result"] = seen["result"] is not None
        elif code == 200 and op == "result":
            line["has_result"] = seen.get("overall_score") is not None
        if op == "status" and analysis_id and line["etag"]:
            self._etags[analysis_id] = str(line["etag"])
        self._history.write(json.dumps(line) + "\n")
        if promise := promise_of(Operation(**line)):
            self.promises.setdefault(promise, ended)
        return answer
