"""Runs the charts on a cluster of kind under load: `make k8s-e2e`; estimated: 40 minutes, 4 cores and 12 GB.

Needs docker, kind, kubectl and helm, and pulls images. It installs the operators, the charts at the commit
that `--from` names (HEAD by default), and sends 10 analyses a second through the gateway while it upgrades to
this working tree, restarts each service, drains a node, and goes back. `--plan` only prints the commands, and
`--keep` leaves the cluster and the key that signs its tokens. The last line has the totals; the exit code is
1 if an accepted analysis was not completed or a command failed.
"""

import argparse
import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2
from local_stack.issuer import Issuer

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.http.steady_load import Figures, under_load
from tests.support.polling import eventually
from tools.k8s.e2e import cluster, commands
from tools.k8s.e2e.commands import Command, Step
from tools.k8s.programs import ROOT

URL = "http://127.0.0.1:8480"
KEPT_ISSUER = ROOT / ".local/k8s-e2e/issuer"
SMOKE_TEST = ROOT / "deploy/helm/resume-review/files/smoke_test.py"


class CommandFailed(Exception):
    """A command failed; the message has its last lines."""


class Run:
    """One run, with its own kubeconfig and folder. The key that signs its tokens is in `issuer_dir`."""

    def __init__(self, commit: str, work: Path, issuer_dir: Path) -> None:
        self._commit = commit
        self._work = work
        self._owns_cluster = False
        issuer = Issuer(data_dir=issuer_dir, port=0)
        (work / "jwks.json").write_text(json.dumps(issuer.key_set()))
        self._token = issuer.token()
        self._environment = {**os.environ, "KUBECONFIG": str(work / "kubeconfig")}

    async def all(self) -> Figures:
        """Set everything up, test it, and return the figures of the load. Raises CommandFailed."""
        if commands.CLUSTER in (await self._run(commands.clusters())).split():
            end = shlex.join(commands.tear_down())
            raise CommandFailed(f"An earlier run left the cluster {commands.CLUSTER}. Delete it: {end}")
        self._owns_cluster = True
        for step in commands.set_up(self._commit, self._work, self._token):
            await self._do(step)
        await eventually(_is_healthy, deadline_seconds=300, every_seconds=1)
        shared = cluster.on_one_node(json.loads(await self._run(commands.state("pods"))))
        if shared:
            raise CommandFailed(f"All pods of {', '.join(shared)} are on one node.")
        await self._try_out()
        caller = ApiClient(url=URL, token=self._token)
        resume_id = await caller.new_resume("cv.txt", files.strong_resume_txt())
        failures: list[str] = []
        figures = await under_load(caller, resume_id, self._events(failures))
        await caller.close()
        print(figures.details())
        if failures:
            print(figures.line("k8s-e2e"))
            raise CommandFailed(failures[0])
        await self._try_out()
        return figures

    async def _try_out(self) -> None:
        """Run the demo and an analysis with an idempotency key through the gateway, and the chart's test."""
        smoke_test = {"TOKEN": self._token, "REQUESTS_URL": URL, "RESULTS_URL": URL}
        variables = [f"SMOKE_TEST_{name}={value}" for name, value in smoke_test.items()]
        demo = (f"GATEWAY={URL}", f"TOKEN={self._token}", sys.executable, "-m", "local_stack.demo")
        await self._run(("env", *demo))
        await self._run(("env", *variables, sys.executable, str(SMOKE_TEST)))
        await self._run(commands.chart_test())

    async def _events(self, failures: list[str]) -> None:
        try:
            node = cluster.busiest_worker(json.loads(await self._run(commands.state("pods"))))
            for step in commands.events(self._work, node):
                await self._do(step)
                await eventually(
                    self._unsettled, until=lambda left: not left, deadline_seconds=300, every_seconds=2
                )
        except (CommandFailed, AssertionError) as error:
            failures.append(str(error))

    async def _unsettled(self) -> list[str]:
        return cluster.not_settled(json.loads(await self._run(commands.state("deployments"))))

    async def _do(self, step: Step) -> None:
        print(f"== {step.title}", flush=True)
        for command in step.commands:
            await self._run(command)

    async def _run(self, command: Command) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        if process.returncode:
            tail = "\n".join((output + errors).decode().splitlines()[-20:])
            raise CommandFailed(f"{shlex.join(command[:6])} ... failed:\n{tail}")
        return output.decode()

    async def tear_down(self) -> bool:
        """Delete the cluster if it is of this run. Return False, and say why, if that failed."""
        if not self._owns_cluster:
            return True
        try:
            await self._run(commands.tear_down())
        except CommandFailed as error:
            print(error, file=sys.stderr)
            return False
        return True


async def _is_healthy() -> bool:
    try:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{URL}/health")).is_success
    except httpx2.HTTPError:
        return False


def plan(commit: str) -> None:
    """Print the commands."""
    work = Path("WORK")
    steps = [
        *commands.set_up(commit, work, "TOKEN"),
        Step(title="the chart's test", commands=(commands.chart_test(),)),
        *commands.events(work, f"{commands.CLUSTER}-worker"),
        Step(title="the end", commands=(commands.tear_down(),)),
    ]
    for step in steps:
        print(f"# {step.title}")
        for command in step.commands:
            print(shlex.join(command))


async def main(commit: str, *, keep: bool) -> int:
    """Run everything and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="k8s-e2e.") as work:
        run = Run(commit, Path(work), KEPT_ISSUER if keep else Path(work) / "issuer")
        figures = None
        try:
            figures = await run.all()
        except (CommandFailed, AssertionError) as error:
            print(error, file=sys.stderr)
        finally:
            is_clean = keep or await run.tear_down()
    if figures is None:
        return 1
    print(figures.line("k8s-e2e"))
    return 1 if figures.lost or not is_clean else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make k8s-e2e", description=__doc__)
    parser.add_argument("--from", dest="commit", default="HEAD", help="the commit to upgrade from")
    parser.add_argument("--plan", action="store_true", help="print the commands and do nothing")
    parser.add_argument(
        "--keep",
        action="store_true",
        help=f"leave the cluster: kind export kubeconfig --name {commands.CLUSTER} reaches it, and"
        f" ISSUER_DIR={KEPT_ISSUER.relative_to(ROOT)} make token makes tokens for {URL}",
    )
    options = parser.parse_args()
    if options.plan:
        plan(options.commit)
        sys.exit(0)
    missing = commands.missing_programs(shutil.which)
    if not missing and subprocess.run(("docker", "version"), capture_output=True, check=False).returncode:
        missing = ["Start Docker: its engine does not answer."]
    if missing:
        sys.exit("\n".join(missing))
    sys.exit(asyncio.run(main(options.commit, keep=options.keep)))
