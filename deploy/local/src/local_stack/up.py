"""`make up`: run the whole system in the foreground until Ctrl-C."""

import os
import sys

from local_stack.demo import sample_resume
from local_stack.errors import StackError
from local_stack.paths import ROOT, UP
from local_stack.ports import LOOPBACK, Ports
from local_stack.processes.lock import exclusive
from local_stack.processes.log import terminal
from local_stack.processes.run import run
from local_stack.stack import Stack

_SAMPLE = UP / "sample-resume.pdf"

_BANNER = """\

The system is up. Ctrl-C stops it; its data stay in .local/up.

  console      {gateway}/console/   try it in a browser
  gateway      {gateway}
  API docs     http://{host}:{request_api}/docs   candidates, uploads, starting analyses
               http://{host}:{results_api}/docs   statuses, results, lists
  PostgreSQL   {host}:{postgres}, request_api, results_api, analyzer (passwords in .local/up/postgres)
  Kafka        {host}:{kafka}
  tokens       make -s token [ROLE=senior_recruiter] [USER_ID=uuid]

To paste into another terminal, in this folder:

  API={gateway}/api/v1; AUTH="Authorization: Bearer $(make -s token)"; JSON="Content-Type: application/json"
  field() {{ python3 -c 'import functools as f, json, sys
print(f.reduce(dict.get, sys.argv[1:], json.load(sys.stdin)))' "$@"; }}
  CANDIDATE=$(curl -sS $API/candidates -H "$AUTH" -H "$JSON" \\
    -d '{{"first_name": "{first_name}", "last_name": "{last_name}"}}' | field candidate id)
  RESUME=$(curl -sS $API/resume_upload/candidates/$CANDIDATE/resumes -H "$AUTH" \\
    -F file=@{sample} | field id)
  ANALYSIS=$(curl -sS $API/analysis/resumes/$RESUME/analyze -H "$AUTH" -H "$JSON" \\
    -d '{{"industry": "strategy_tech"}}' | field analysis_id)
  curl -sS $API/analysis/analysis/$ANALYSIS/status -H "$AUTH"

"""


def banner(ports: Ports) -> str:
    """Return the addresses of the parts and commands to try."""
    return _BANNER.format(
        gateway=f"http://{LOOPBACK}:{ports.gateway}",
        host=LOOPBACK,
        request_api=ports.request_api,
        results_api=ports.results_api,
        postgres=ports.postgres,
        kafka=ports.kafka,
        first_name=sample_resume.FIRST_NAME,
        last_name=sample_resume.LAST_NAME,
        sample=_SAMPLE.relative_to(ROOT),
    )


def check_ports(ports: Ports) -> None:
    """Raise StackError if a port of the stack is in use."""
    busy = ports.busy()
    if busy:
        names = ", ".join(f"{port} ({name.replace('_', '-')})" for name, port in busy.items())
        raise StackError(f"other programs use ports that the stack needs: {names}")


async def up() -> int:
    """Start the stack, print how to use it, and wait for a crash. Ctrl-C cancels the wait."""
    ports = Ports()
    with exclusive(UP):
        check_ports(ports)
        stack = Stack(
            data_dir=UP,
            ports=ports,
            log=terminal(),
            legacy=os.environ.get("LEGACY") or None,
            shared_secret=os.environ.get("SHARED_SECRET") or None,
            has_sign_in=True,
        )
        async with stack:
            sample_resume.write(_SAMPLE)
            print(banner(ports), flush=True)
            raise await stack.crashed()


if __name__ == "__main__":
    sys.exit(run(up()))
