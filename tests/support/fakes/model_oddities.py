"""Answers that are right though odd: the shapes that real servers and models use."""

import json
from typing import Any

from tests.support.fakes.model import FakeReply, Json, completion


def odd_answers(answer: Json, *, key: str) -> dict[str, FakeReply]:
    """Return one answer in the odd shapes of real servers and models; `key` is its list of entries by id."""
    text = json.dumps(answer, ensure_ascii=False)
    entries: list[Json] = answer[key]
    by_id = {str(entry["id"]): {k: v for k, v in entry.items() if k != "id"} for entry in entries}
    as_text = [{k: str(v) if isinstance(v, int) else v for k, v in entry.items()} for entry in entries]
    as_float = [{k: float(v) if isinstance(v, int) else v for k, v in entry.items()} for entry in entries]
    odd = {
        "reasoning before": f'<think>Perhaps {{this}} or {{"{key}": [1]}}.</think>\n{text}',
        "reasoning without its start": f"Let me see {{ {{}} }} ...</think>{text}",
        "reasoning around": f"<think>The answer is {text}</think>",
        "prose with braces before": f"For {{name}} and [1] I say:\n{text}",
        "prose with braces after": f"{text}\nNote: {{}} and {{x}} are not meant, see [1].",
        "draft before": f"{json.dumps({key: []})} was too short. {text}",
        "code fence": f"Sure!\n```json\n{text}\n```\nAnything else?",
        "object by id": {key: by_id},
        "object by id alone": by_id,
        "bare list": entries,
        "one object after the other": "\n".join(json.dumps(entry) for entry in entries),
        "numbers as text": {key: as_text},
        "numbers with decimals": {key: as_float},
        "an entry twice": {key: [*entries, entries[0]]},
        "within another object": {"result": answer},
        "encoded twice": json.dumps(text),
        "on many lines": json.dumps(answer, indent=2),
        "additional fields": {**answer, "overall": 100, "comment": "{}"},
    }
    replies = {name: completion(content) for name, content in odd.items()}
    message: Any
    for name, message in {
        "parts": {"content": [{"type": "text", "text": text[:9]}, {"type": "text", "text": text[9:]}]},
        "parts with reasoning": {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "{}"}]},
                {"type": "text", "text": text},
            ]
        },
        "content as an object": {"content": answer},
        "content among the reasoning": {"content": None, "reasoning_content": text},
        "content as a call": {"content": None, "tool_calls": [{"function": {"arguments": text}}]},
        "refusal that is empty": {"content": text, "refusal": ""},
    }.items():
        replies[name] = _changed(completion(text), choices=[{"message": message, "finish_reason": "stop"}])
    replies["cut off after the end"] = completion(text, finish_reason="length")
    usages: dict[str, Any] = {
        "no usage": None,
        "negative usage": {"prompt_tokens": -1, "completion_tokens": -5},
        "usage as text": {"prompt_tokens": "many", "completion_tokens": []},
        "impossible usage": {"prompt_tokens": 1e300, "completion_tokens": 10**30},
        "usage as a list": [1, 2],
    }
    for name, usage in usages.items():
        replies[name] = _changed(completion(text), usage=usage)
    replies["fields of other types"] = _changed(
        completion(text), model=7, choices=[{"message": {"content": text}, "finish_reason": 3, "index": "0"}]
    )
    return replies


def _changed(reply: FakeReply, **changes: Any) -> FakeReply:
    assert isinstance(reply.body, dict)
    return FakeReply(body={**reply.body, **changes})
