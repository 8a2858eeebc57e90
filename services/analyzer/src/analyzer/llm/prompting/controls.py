"""Control bullets, whose labels are known."""

from analyzer.llm.prompting.json_output import MalformedOutput


class ControlsFailed(MalformedOutput):
    """Output that labels the control bullets wrongly, so that none of its labels can be trusted."""
