"""Compose a persona in a layout into blocks, which each renderer draws."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.corpus.personas import TODAY, DateStyle, Job, Persona


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph with a role: name, contact, entry, text, or meta. `right` stands at the right edge."""

    role: str
    text: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a style: plain, upper, spaced, typed, small-caps."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """List items with a sign."""

    items: tuple[str, ...]
    sign: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells side by side. `widths` are percent; `dark` is the number of a cell on a dark ground."""

    widths: tuple[int, ...]
    rows: tuple[tuple["Blocks", ...], ...]
    ruled: bool = False
    dark: int | None = None


Block = Text | Heading | Bullets | Rows
Blocks = list[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """A resume as blocks. `band` blocks stand on a dark band at the top."""

    persona: Persona
    blocks: Blocks
    band: Blocks = field(default_factory=list)
    large: bool = False
    footer: str = ""


def compose(persona: Persona, layout: dict[str, Any], sign: str, style: DateStyle) -> Page:
    """Return the page of a persona in a layout."""
    if layout["dates"] == "form":
        return Page(persona, _form(persona))
    head: Blocks = [Text("name", persona.name)]
    contact: Blocks = [Text("contact", " | ".join(persona.contact))]
    side = layout.get("side")
    heading_style = layout.get("headings", "plain")

    def section(kind: str, body: Blocks) -> Blocks:
        title = persona.headings[kind]
        if heading_style == "rail":
            return [Rows((24, 76), (([Heading(title)], body),))]
        return [Heading(title, heading_style), *body]

    def lines(kind: str) -> Blocks:
        return section(kind, [Text("text", line) for line in getattr(persona, kind)])

    entries = _ENTRIES[layout["dates"]]
    summary = section("summary", [Text("text", persona.summary)])
    work = section("experience", entries(persona.jobs, sign, style))
    schools = section("education", entries(persona.education, sign, style))
    if not side:
        blocks = [*summary, *work, *schools, *lines("skills"), *lines("certifications"), *lines("other")]
        if layout.get("band"):
            return Page(persona, blocks, band=head + contact)
        footer = f"{persona.name} - {persona.contact[0]}" if layout.get("footer") else ""
        return Page(persona, [*head, *contact, *blocks], large=bool(layout.get("large")), footer=footer)
    beside = section("contact", [Text("text", part) for part in persona.contact])
    beside += lines("skills") + lines("certifications")
    if side == "half":
        beside += schools + lines("other")
        return Page(persona, [*head, Rows((56, 44), (([*summary, *work], beside),))])
    main = [*summary, *work, *schools, *lines("other")]
    if side == "right":
        return Page(persona, [*head, Rows((68, 32), ((main, beside),))])
    dark = 0 if layout.get("dark") else None
    return Page(persona, [Rows((32, 68), ((beside, [*head, *main]),), dark=dark)])


def _bullets(job: Job, sign: str) -> Blocks:
    return [Bullets(job.bullets, sign)] if job.bullets else []


def _inline(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    return [
        block
        for job in jobs
        for block in (
            Text("entry", f"{job.title}, {job.company} | {style.write(job.first, job.last)}"),
            *_bullets(job, sign),
        )
    ]


def _right(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    return [
        block
        for job in jobs
        for block in (
            Text("entry", job.title, right=style.write(job.first, job.last)),
            Text("meta", job.company),
            *_bullets(job, sign),
        )
    ]


def _below(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    return [
        block
        for job in jobs
        for block in (
            Text("entry", f"{job.title}, {job.company}"),
            Text("meta", style.write(job.first, job.last)),
            *_bullets(job, sign),
        )
    ]


def _duration(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    blocks: Blocks = []
    for job in jobs:
        last = job.last or TODAY
        months = (last[0] - job.first[0]) * 12 + last[1] - job.first[1] + 1
        length = f"({months // 12} years {months % 12} months)" if months % 12 else f"({months // 12} years)"
        blocks += [
            Text("entry", job.company),
            Text("text", job.title),
            Text("meta", f"{style.write(job.first, job.last)} {length}"),
            *_bullets(job, sign),
        ]
    return blocks


def _left(jobs: tuple[Job, ...], sign: str, style: DateStyle, *, ruled: bool = False) -> Blocks:
    rows: tuple[tuple[Blocks, ...], ...] = tuple(
        (
            [Text("text", style.write(job.first, job.last))],
            [Text("entry", f"{job.title}, {job.company}"), *_bullets(job, sign)],
        )
        for job in jobs
    )
    return [Rows((24, 76), rows, ruled=ruled)]


def _table(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    return _left(jobs, sign, style, ruled=True)


def _cells(jobs: tuple[Job, ...], sign: str, style: DateStyle) -> Blocks:
    """Return the table of a Japanese career: period, employer, work."""
    if not any(job.bullets for job in jobs):
        return _table(jobs, sign, style)
    header: tuple[Blocks, ...] = tuple(
        [Text("text", title)] for title in ("期間", "会社名・役職", "業務内容")
    )
    rows: tuple[tuple[Blocks, ...], ...] = tuple(
        (
            [Text("text", style.write(job.first, job.last))],
            [Text("entry", job.company), Text("text", job.title)],
            _bullets(job, sign),
        )
        for job in jobs
    )
    return [Rows((20, 24, 56), (header, *rows), ruled=True)]


_ENTRIES: dict[str, Callable[[tuple[Job, ...], str, DateStyle], Blocks]] = {
    "inline": _inline, "right": _right, "below": _below, "duration": _duration,
    "left": _left, "table": _table, "cells": _cells,
}  # fmt: skip


def _form(persona: Persona) -> Blocks:
    """Return a 履歴書: a form of ruled rows with year, month and text, without bullets."""

    def row(year: object, month: object, text: str) -> tuple[Blocks, ...]:
        return [Text("text", str(year))], [Text("text", str(month))], [Text("text", text)]

    rows = [row("年", "月", "学歴・職歴"), row("", "", "学歴")]
    for school in persona.education:
        degree = school.title.removesuffix(" 卒業")
        rows.append(row(*school.first, f"{school.company} {degree} 入学"))
        rows.append(row(*(school.last or TODAY), f"{school.company} {degree} 卒業"))
    rows.append(row("", "", "職歴"))
    for job in reversed(persona.jobs):
        rows.append(row(*job.first, f"{job.company} 入社"))
        if job.last:
            rows.append(row(*job.last, f"{job.company} 退社"))
    rows += [row("", "", "現在に至る"), row("", "", "以上")]
    certificates = [row("年", "月", "免許・資格"), *(row(2019, 6, each) for each in persona.certifications)]
    details = [
        ("氏名", persona.name),
        ("連絡先", " / ".join(persona.contact)),
        ("生年月日", "1990年5月14日生"),
    ]
    widths = (12, 8, 80)
    return [
        Text("name", "履歴書"),
        Rows((20, 80), tuple(([Text("text", a)], [Text("text", b)]) for a, b in details), ruled=True),
        Rows(widths, tuple(rows), ruled=True),
        Rows(widths, tuple(certificates), ruled=True),
        Rows((100,), (([Text("text", "志望の動機")],), ([Text("text", persona.summary)],)), ruled=True),
    ]
