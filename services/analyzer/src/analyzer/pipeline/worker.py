"""A worker process: reads steps from standard input and writes their outcomes to standard output.

`worker_pool` starts it with the process id of the parent as its argument. It imports only what the steps
need, nothing of Kafka, HTTP or the model client, because each worker holds a copy of all that it imports.
"""

import gc
import os
import pickle
import resource
import signal
import sys
from typing import BinaryIO, Final

from sandbox.process import die_with_parent
from scoring.resume.resume import NotAssessable

from analyzer.pipeline import steps
from analyzer.pipeline.steps import StepFailed, place_of

# Length of the outcome that follows, in bytes: the parent reads a stream that cannot be unpickled directly.
HEADER_BYTES: Final = 4


def main() -> None:
    """Load the rubric and the prompts, then run steps until standard input ends."""
    die_with_parent(int(sys.argv[1]))
    # A stop may signal all processes of the service: running steps end, then the parent kills its workers.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A core dump would hold a resume.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests = sys.stdin.buffer
    outcomes = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Anything that a step prints belongs into the log, not between the outcomes.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    steps.rubric()
    steps.prompt()
    gc.collect()
    gc.freeze()
    # The first outcome tells the parent that the worker is ready.
    _send(outcomes, (True, None))
    while True:
        try:
            # Sent by the parent, which runs the same code.
            step, arguments = pickle.load(requests)  # noqa: S301 - see above
        except EOFError:
            return
        try:
            outcome = (True, step(*arguments))
        except NotAssessable as error:
            outcome = (False, error)
        except Exception as error:  # noqa: BLE001 - any error fails the step, not the worker
            outcome = (False, StepFailed(type(error).__name__, place_of(error)))
        _send(outcomes, outcome)


def _send(outcomes: BinaryIO, outcome: tuple[bool, object]) -> None:
    content = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    outcomes.write(len(content).to_bytes(HEADER_BYTES, "big") + content)
    outcomes.flush()


if __name__ == "__main__":
    main()
