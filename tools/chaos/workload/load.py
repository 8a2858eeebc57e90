"""The load of a run: simulated clients that upload resumes, request analyses, poll, cancel and delete."""

import asyncio
import random
import time
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

from tests.support import files
from tests.support.polling import eventually
from tools.chaos.checker.durability import Promise
from tools.chaos.evidence.rows import Depth
from tools.chaos.workload.other_routes import OtherRoutes
from tools.chaos.workload.recorder import OperationRecorder

# Probabilities of what a client does after each request.
_WITHOUT_KEY: Final = 0.15
_CANCEL: Final = 0.03
_DELETE: Final = 0.01
_RESULT: Final = 0.2
# Create a candidate, or a resume for one standard analysis.
_CREATE: Final = 0.02
_INDUSTRIES: Final = ("strategy_tech", "consulting", "data_ai")
_REPEAT_SECONDS: Final = 0.25
# A client with this many unfinished analyses requests no more, so that the backlog stays small.
UNFINISHED: Final = 8
# More than any client ever requests: clients do not wait.
ANY_NUMBER: Final = 1_000_000
CREATED: Final = 201
_POLL_SECONDS: Final = 0.1
_GONE: Final = "gone"
_ENDED: Final = frozenset({"completed", "failed", "cancelled", "erased"})
# A client repeats a POST this long after the run; the services are running again by then.
PATIENCE_SECONDS: Final = 60


class Load:
    """Run `clients` concurrently, each with an average pause of `pace` seconds between its analyses.

    Most clients repeat a POST with its idempotency key until they get a response. Every second client uses
    the gateway, if there is one. One more client uses the other routes (see `OtherRoutes`). Each analysis has
    a canary in its focus areas, and each resume one in a bullet.

    With `depth` "quick", the analyzer does not call the model. "mixed" is "deep" with some standard analyses.
    Standard analyses of one resume share cached answers, so that a repeated call would not stand out.
    Therefore each of them has a resume of its own.
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
        depth: Literal["quick", "deep", "mixed"] = "mixed",
        seed: int = 1,
    ) -> None:
        self._requests = request_api_urls
        self._results = results_api_urls
        self._gateway = gateway_url
        self._recorder = OperationRecorder(token=token, history=history, clients=clients)
        self._clients = clients
        self.pace = pace
        self._at_most = at_most
        self._unfinished = unfinished
        self._depth: Depth = "quick" if depth == "quick" else "deep"
        self._has_standard = depth == "mixed"
        self._counts = (resumes, to_delete)
        self._random = random.Random(seed)  # noqa: S311 - reproducible
        self._kept: list[str] = []
        self._to_delete: list[str] = []
        self._stopping = False
        self._gives_up = float("inf")
        self._tasks: list[asyncio.Task[None]] = []
        self._numbered = 0
        self._uploaded = 0
        self._candidate_id = ""
        self.accepted: list[str] = []
        self.canaries: list[dict[str, Any]] = []
        self._other_routes = OtherRoutes(
            recorder=self._recorder,
            request_api=partial(self._request_api, 0),
            results_api=partial(self._results_api, 0),
            resume_ids=self._kept,
            analysis_ids=self.accepted,
            seed=seed,
        )

    @property
    def promises(self) -> dict[Promise, float]:
        """Return what 2xx responses promised, with the time of the first such response."""
        return self._recorder.promises

    async def upload(self) -> None:
        """Create the resumes that all analyses use, before the load starts."""
        kept, to_delete = self._counts
        candidate = await self._create_candidate(0)
        assert candidate is not None, "no candidate"
        self._candidate_id = candidate
        for number in range(kept + to_delete):
            resume_id = await self._upload(0)
            assert resume_id is not None, "no resume"
            (self._kept if number < kept else self._to_delete).append(resume_id)

    def start(self) -> None:
        """Start the clients in the background."""
        self._tasks = [
            asyncio.create_task(self._client(number), name=f"client {number}")
            for number in range(self._clients)
        ]
        self._other_routes.start()

    async def stop(self) -> None:
        """Request nothing new, and return once every POST with a key has a response."""
        self._stopping = True
        self._gives_up = time.monotonic() + PATIENCE_SECONDS
        await asyncio.gather(self.wait_until_done(), self._other_routes.stop())

    async def wait_until_done(self) -> None:
        """Wait until all clients that request analyses have ended."""
        await asyncio.gather(*self._tasks)

    async def poll_all(self) -> None:
        """Read the status of every accepted analysis."""
        for analysis_id in self.accepted:
            await self._has_ended(0, analysis_id, with_etag=False)

    def use_token(self, token: str) -> None:
        """Send another token from now on."""
        self._recorder.use_token(token)

    async def close(self) -> None:
        """Read every status a last time and end the recording."""
        await self.poll_all()
        await self._recorder.close()

    async def abort(self) -> None:
        """Stop the clients wherever they are, so that none of them reaches into the next run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._other_routes.abort()
        await self._recorder.close()

    async def delete_resumes(self) -> None:
        """Delete the resumes that were uploaded for deletion and that no client has deleted yet."""
        resume_ids = self._to_delete.copy()
        self._to_delete.clear()
        await asyncio.gather(*(self._delete_resume(0, resume_id) for resume_id in resume_ids))

    async def _delete_resume(self, client: int, resume_id: str) -> None:
        url = f"{self._request_api(client)}/api/v1/resume_upload/{resume_id}"
        await self._recorder.send(client, "delete", url, resume_id=resume_id)

    async def complete_one(self, client: int) -> None:
        """Request analyses until one is completed, as seen by this client."""
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

    async def _client(self, number: int) -> None:
        mine: list[str] = []
        unfinished: list[str] = []
        chance = self._random.random
        while self._requests_more():
            accepted = [await self._submit(number)] if len(unfinished) < self._unfinished else []
            if chance() < _CREATE:
                accepted.append(await self._create(number))
            for analysis_id in filter(None, accepted):
                for ids in (mine, unfinished, self.accepted):
                    ids.append(analysis_id)
            if unfinished:
                analysis_id = self._random.choice(unfinished)
                if await self._has_ended(number, analysis_id, with_etag=chance() < 0.5):
                    unfinished.remove(analysis_id)
            if mine:
                await self._cancel_or_read(number, mine)
            if self._to_delete and chance() < _DELETE:
                await self._delete_resume(number, self._to_delete.pop())
            await asyncio.sleep(self._random.uniform(0, 2 * self.pace))

    def _requests_more(self) -> bool:
        return not self._stopping and (self._at_most is None or self._numbered < self._at_most)

    async def _create(self, client: int) -> str | None:
        """Create a candidate or a resume; return the id of the standard analysis of that resume, if any."""
        if self._random.random() < 0.5:
            await self._create_candidate(client)
            return None
        resume_id = await self._upload(client)
        if resume_id is None or not self._has_standard or not self._requests_more():
            return None
        return await self._submit(client, resume_id=resume_id, depth="standard")

    async def _cancel_or_read(self, client: int, mine: list[str]) -> None:
        """Sometimes cancel the last analysis or read the result of any."""
        if self._random.random() < _CANCEL:
            url = f"{self._request_api(client)}/api/v1/analysis/{mine[-1]}/cancel"
            await self._recorder.send(client, "cancel", url, analysis_id=mine[-1])
        if self._random.random() < _RESULT:
            analysis_id = self._random.choice(mine)
            url = f"{self._results_api(client)}/api/v1/analysis/analysis/{analysis_id}"
            await self._recorder.send(client, "result", url, method="GET", analysis_id=analysis_id)

    async def _create_candidate(self, client: int) -> str | None:
        body = {"first_name": "Mirela", "last_name": "Okonjo"}
        url = f"{self._request_api(client)}/api/v1/candidates"
        response = await self._recorder.send(client, "candidate", url, method="POST", body=body)
        if response is None or response.status_code != CREATED:
            return None
        candidate_id: str = response.json()["candidate"]["id"]
        return candidate_id

    async def _upload(self, client: int) -> str | None:
        """Upload a resume with its own canary."""
        self._uploaded += 1
        canary = f"CANARY-R{self._uploaded:06}"
        line = f"- Led the programme {canary} to its end, 4 months early.\n- Reduced".encode()
        text = files.strong_resume_txt().replace(b"- Reduced", line, 1)
        noted: dict[str, Any] = {
            "analysis_id": None,
            "resume_id": "unknown",
            "canary": canary,
            "depth": None,
        }
        self.canaries.append(noted)
        url = f"{self._request_api(client)}/api/v1/resume_upload/candidates/{self._candidate_id}/resumes"
        response = await self._recorder.send(client, "upload", url, method="POST", file=text)
        if response is None or response.status_code != CREATED:
            return None
        resume_id: str = response.json()["id"]
        noted["resume_id"] = resume_id
        return resume_id

    async def _submit(
        self, client: int, *, resume_id: str | None = None, depth: Depth | None = None
    ) -> str | None:
        """Request an analysis and return its id, or None without an acceptance."""
        depth = depth or self._depth
        self._numbered += 1
        canary = f"CANARY-A{self._numbered:06}"
        resume_id = resume_id or self._random.choice([*self._kept, *self._to_delete])
        key = None if self._random.random() < _WITHOUT_KEY else str(uuid4())
        body = {
            "industry": self._random.choice(_INDUSTRIES),
            "focus_areas": [canary],
            "analysis_depth": depth,
        }
        noted: dict[str, Any] = {
            "analysis_id": None,
            "resume_id": resume_id,
            "canary": canary,
            "depth": depth,
        }
        self.canaries.append(noted)
        while True:
            response = await self._recorder.send(
                client,
                "submit",
                f"{self._request_api(client)}/api/v1/analysis/resumes/{resume_id}/analyze",
                method="POST",
                body=body,
                key=key,
                resume_id=resume_id,
            )
            if response is not None and response.status_code == 202:
                analysis_id: str = response.json()["analysis_id"]
                noted["analysis_id"] = analysis_id
                return analysis_id
            is_final = response is not None and response.status_code < 500
            if key is None or is_final or time.monotonic() > self._gives_up:
                return None
            await asyncio.sleep(_REPEAT_SECONDS)

    async def _has_ended(self, client: int, analysis_id: str, *, with_etag: bool) -> bool:
        etag = self._recorder.etag_of(analysis_id) if with_etag else None
        return await self._status(client, analysis_id, etag=etag) in (*_ENDED, _GONE)

    async def _status(self, client: int, analysis_id: str, *, etag: str | None = None) -> str | None:
        """Return the status, "gone" for an erased analysis, and None if it is unknown or unchanged."""
        url = f"{self._results_api(client)}/api/v1/analysis/analysis/{analysis_id}/status"
        response = await self._recorder.send(
            client, "status", url, method="GET", analysis_id=analysis_id, etag=etag
        )
        if response is None or response.status_code not in (200, 404):
            return None
        status: str = _GONE if response.status_code == 404 else response.json()["status"]
        return status

    def _request_api(self, client: int) -> str:
        return self._base_url(client, self._requests)

    def _results_api(self, client: int) -> str:
        return self._base_url(client, self._results)

    def _base_url(self, client: int, instances: list[str]) -> str:
        return self._gateway if self._gateway and client % 2 else self._random.choice(instances)
