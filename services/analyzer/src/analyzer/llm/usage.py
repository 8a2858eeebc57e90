"""Token usage, its cost and the time limit of the calls to the model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Latin words and numbers: no tokenizer merges two of them into one token.
_GROUPS: Final = re.compile(r"[A-Za-zÀ-ÿ'’]+|\d+")
_NOT_LATIN: Final = re.compile(r"[^\W\d_]")
# Letters of Japanese that one token holds at most, for a lower bound.
_LETTERS_PER_TOKEN: Final = 6
# Part of the fewest possible tokens below which the server has certainly cut the prompt.
_CUT: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices in US dollars per million tokens."""

    input: float
    output: float

    def dollars(self, *, input_tokens: int, output_tokens: int) -> float:
        """Return the cost in US dollars."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """Requests and tokens that an analysis used; `cost_usd` is None where it is not known."""

    requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


@dataclass(slots=True)
class CallBudget:
    """Time limit of each call of one analysis, and what the calls used so far.

    `unmetered` counts requests that may have cost something although no usage was reported: a response
    without it, or one that was not awaited to its end.
    """

    seconds: float
    prices: Prices | None = None
    requests: int = 0
    unmetered: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, *, input_tokens: int | None, output_tokens: int | None) -> None:
        """Add the usage of a response; None is what the server does not report."""
        if input_tokens is None or output_tokens is None:
            self.unmetered += 1
        self.input_tokens += input_tokens or 0
        self.output_tokens += output_tokens or 0

    def usage(self, *, is_cached: bool = False) -> ModelUsage:
        """Return the usage so far.

        A cached response costs nothing even where no prices are configured. With prices, neither does an
        analysis that sent nothing.
        """
        cost = 0.0 if is_cached or (self.prices and not self.requests) else None
        if self.prices and not self.unmetered and self.input_tokens + self.output_tokens:
            dollars = self.prices.dollars(input_tokens=self.input_tokens, output_tokens=self.output_tokens)
            cost = round(dollars, 6)
        return ModelUsage(
            requests=self.requests,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost_usd=cost,
        )


def is_prompt_cut(prompt_tokens: int, fewest: int) -> bool:
    """Tell whether a server has certainly cut a prompt, by the tokens that it read."""
    return prompt_tokens < _CUT * fewest


def fewest_tokens(messages: Sequence[Mapping[str, str]]) -> int:
    """Return a lower bound of the tokens of a prompt, for any tokenizer."""
    return sum(_fewest_tokens(message["content"]) for message in messages)


def _fewest_tokens(text: str) -> int:
    rest = _GROUPS.sub("", text)
    return len(_GROUPS.findall(text)) + len(_NOT_LATIN.findall(rest)) // _LETTERS_PER_TOKEN
