"""Puts the questions of an analysis to the model, all at once, unless it answered them before."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from chassis.telemetry.logs import get_logger

from analyzer.llm.client.ask import AskModel, Question
from analyzer.llm.client.model_client import ModelFailed, Tally
from analyzer.llm.prompting.answer import Malformed
from analyzer.llm.prompting.answered import Answered, Raw, Reason, Reply
from analyzer.llm.prompting.checklist import Judgements
from analyzer.llm.prompting.writing import Writing

log = get_logger(__name__)


class Memory(Protocol):
    """Keeps answers. Raises nothing but ModelFailed, of an erased resume; keeps nobody waiting for long."""

    async def recall(self, key: str, /, *, resume_id: UUID) -> Sequence[Raw] | None: ...

    async def store(self, key: str, answers: Sequence[Raw], /, *, resume_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The checklist, to be asked `times` times, and of a deep analysis the one on the writing.

    `asked` is all that the conversations say, without what is random in them.
    """

    checklist: Question[Judgements]
    times: int
    writing: Question[Writing] | None
    asked: Sequence[object]


class ConsultModel:
    """Only complete answers are remembered; what is recalled is read by the same code as what is new."""

    def __init__(self, *, ask: AskModel, memory: Memory | None = None) -> None:
        self._ask = ask
        self._memory = memory

    async def close(self) -> None:
        await self._ask.close()

    async def __call__(self, questions: Questions, *, resume_id: UUID, tally: Tally) -> Answered:
        """Raises nothing that the model or the memory made."""
        if self._memory is None:
            return await self._ask_all(questions, tally)
        key = self._key(questions)
        try:
            recalled = await self._memory.recall(key, resume_id=resume_id)
        except ModelFailed as erased:
            # Its request came again: its text shall go nowhere any more, and nobody reads what is found.
            return Answered(checklists=[], writing=None, failures=[erased.reason])
        if recalled is not None and (answered := _read(questions, recalled)):
            return answered
        answered = await self._ask_all(questions, tally)
        is_complete = len(answered.checklists) == questions.times
        if is_complete and (answered.writing is None) == (questions.writing is None):
            await self._memory.store(key, answered.raw, resume_id=resume_id)
        return answered

    def _key(self, questions: Questions) -> str:
        everything = [self._ask.identity, questions.times, questions.writing is not None, questions.asked]
        return hashlib.sha256(json.dumps(everything).encode()).hexdigest()

    async def _ask_all(self, questions: Questions, tally: Tally) -> Answered:
        checklists = [
            self._ask(questions.checklist, seed=seed, tally=tally) for seed in range(1, questions.times + 1)
        ]
        outcomes, (writing,) = await asyncio.gather(
            asyncio.gather(*checklists, return_exceptions=True),
            asyncio.gather(self._writing(questions.writing, tally), return_exceptions=True),
        )
        failures = [_reason(each) for each in outcomes if isinstance(each, BaseException)]
        of_writing = [_reason(writing)] if isinstance(writing, BaseException) else []
        if failures or of_writing:
            log.warning("the model did not answer", reasons=[each.value for each in (*failures, *of_writing)])
        return Answered(
            checklists=[each for each in outcomes if not isinstance(each, BaseException)],
            writing=None if isinstance(writing, BaseException) else writing,
            failures=failures,
        )

    async def _writing(self, question: Question[Writing] | None, tally: Tally) -> Reply[Writing] | None:
        return await self._ask(question, seed=1, tally=tally) if question else None


def _reason(failure: BaseException) -> Reason:
    if isinstance(failure, ModelFailed):
        return failure.reason
    raise failure


def _read(questions: Questions, recalled: Sequence[Raw]) -> Answered | None:
    """None where another version of this code stored what this one cannot read."""
    count = questions.times
    if len(recalled) != count + (questions.writing is not None):
        return None
    try:
        checklists = [
            Reply(value=questions.checklist.parse(raw.content), raw=raw) for raw in recalled[:count]
        ]
        writing = None
        if questions.writing:
            writing = Reply(value=questions.writing.parse(recalled[-1].content), raw=recalled[-1])
    except Malformed:
        return None
    return Answered(checklists=checklists, writing=writing, is_cached=True)
