"""Write the first lines of a report as an SVG picture, for the README."""

from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from local_stack.demo.report import Result, show

_WIDTH = 120
# The summary, the scores and the first criteria: enough to show what a report is.
_LINES = 42
# Without the web font of rich's own template, which code hosts block.
_TEMPLATE = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def save_picture(result: Result, path: Path, *, title: str) -> None:
    """Write the top of the report to `path` as SVG."""
    output = StringIO()
    show(
        result, Console(file=output, width=_WIDTH, force_terminal=True, color_system="truecolor"), title=title
    )
    lines = output.getvalue().strip().splitlines()[:_LINES]
    recorder = Console(file=StringIO(), width=_WIDTH, record=True, force_terminal=True)
    recorder.print(Text.from_ansi("\n".join(lines)), highlight=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    recorder.save_svg(str(path), title="make demo", code_format=_TEMPLATE, unique_id="report")
