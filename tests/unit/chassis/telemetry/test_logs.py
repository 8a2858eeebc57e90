import io
import json
import logging
import sys

import pytest
from chassis.telemetry.logs import get_logger

from tests.support.telemetry.logs import configured_logs


class FullDisk(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stream", [FullDisk(), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")])
def test_line_that_cannot_be_written_is_lost_without_error(
    monkeypatch: pytest.MonkeyPatch, stream: io.TextIOBase
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    get_logger("tests").warning("a lone surrogate has no encoding", name="\ud800")


def test_our_lines_and_those_of_libraries_have_the_same_format(capsys: pytest.CaptureFixture[str]) -> None:
    with configured_logs(service="tests", level="INFO"):
        get_logger("service").info("said", count=1)
        logging.getLogger("library").info("said %d", 1)
        logging.getLogger("library").debug("not said")
    service, library = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (service["logger"], service["event"], service["count"]) == ("service", "said", 1)
    assert (library["logger"], library["event"]) == ("library", "said 1")
    for line in (service, library):
        assert (line["service"], line["level"]) == ("tests", "info")
        assert line["timestamp"].endswith("Z")
