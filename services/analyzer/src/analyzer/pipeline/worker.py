"""A worker process: steps on standard input, what came of them on standard output.

Started by `analyzer.pipeline.pool`, with the process id of its parent as argument. It imports only what the
steps need, nothing of Kafka, HTTP or the model client: each worker holds a copy of all that it imports.
"""

import gc
import os
import pickle
import resource
import signal
import sys
from typing import BinaryIO

from chassis.process import die_with_parent
from scoring import NotAssessable

from analyzer.pipeline import steps
from analyzer.pipeline.frames import HEADER_BYTES, Raised, StepFailed, frame, place_of


def main() -> None:
    die_with_parent(int(sys.argv[1]))
    # Whoever stops the service may signal all of its processes: running steps end first, then the parent
    # ends its workers.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A core dump would hold a resume.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What anything prints is for the log, and must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    steps.rubric()
    steps.prompt()
    gc.collect()
    gc.freeze()
    _send(answers, None)
    while header := requests.read(HEADER_BYTES):
        _send(answers, _outcome(requests.read(int.from_bytes(header, "big"))))


def _outcome(request: bytes) -> object:
    # Of the pool's making.
    step, arguments = pickle.loads(request)  # noqa: S301 - see above
    try:
        return step(*arguments)
    except NotAssessable as error:
        return Raised(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, one step failed, and not the worker
        return Raised(StepFailed(type(error).__name__, place_of(error)))


def _send(answers: BinaryIO, answer: object) -> None:
    answers.write(frame(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)))
    answers.flush()


if __name__ == "__main__":
    main()
