"""Regular expressions of phrases that state an outcome, by family. Each matches folded text."""

import re
from typing import Final

_DIGITS: Final = r"[$€£¥~<>]?\d[\d.,]*"
_WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|half"
)
_NUMBER: Final = rf"(?:{_DIGITS}|zero|none|nothing|{_WORDS}|an? (?:day|week|hour|month))"
_UNIT: Final = r"(?:%|x\b|percent|times|points?|hours?|days?|weeks?|months?|minutes?|seconds?)"
_MORE: Final = (
    "fewer|less|more|faster|quicker|higher|lower|shorter|cheaper|better|sooner|lighter|smaller|larger|earlier"
    "|reduction|increase|growth|drop|decrease|improvement|savings?|gains?|cut|rise|uplift|decline"
)
_EARLY: Final = "early|ahead of|sooner|earlier|faster|before (?:the|its|schedule)"
_RATES: Final = (
    "success|satisfaction|accuracy|pass|retention|approval|completion|attendance|response|conversion|win|open"
    "|acceptance|renewal|occupancy|uptime|availability|attainment|positive|placement|graduation|hit|adoption"
)
_FAULTS: Final = (
    "complaints?|incidents?|accidents?|loss|losses|downtime|interruptions?|outages?|errors?|injury|injuries|delays?"
    "|disruptions?|objections?|findings?|faults?|failures?|defects|redundancies|layoffs|breakdowns?|lapses"
    "|deviations|non-conformity|non-conformities|returns|rework"
)
_PRIZES: Final = (
    "awards?|prizes?|medals?|titles?|trophy|trophies|scholarship|fellowship|championships?|stars?|honou?rs?"
    "|accreditation|certification|patents?|victory|commendations?|recognition"
)
_WON: Final = (
    "received|awarded|named|recogni[sz]ed|honou?red|nominated|shortlisted|commended|won|earned|earning|winning"
    "|gained|gaining"
)
_PRAISED: Final = (
    "praised|commended|singled out|acclaimed|lauded|shortlisted|nominated|rated (?:outstanding|excellent)"
)
_USED: Final = (
    "used|adopted|implemented|copied|confirmed|replicated|followed|rolled out|taken up|accepted|endorsed"
    "|cited|applied|relied on|recommended|taught|licensed|granted|reprinted|translated|invited|selected"
)
_SPREAD: Final = "used|sold|shown|stocked|played|watched|read|taught"
_WHERE: Final = "by|across|in|on|at"
_GRANTED: Final = "approved|featured|extended|renewed|shown|upheld|passed|funded|acquired"
_TOOK_UP: Final = (
    "adopted|patched|fixed|closed|implemented|copied|bought|published|funded|extended|renewed|approved|confirmed"
    "|licensed|repeated|rated|praised|signed|accepted"
)
# "the by-law the council adopted"
_OF_OTHERS: Final = (
    "(?:the|an?) [a-z-]+ (?:the|an?|other|several|all|many|most|both|its|their|our|every|two|three)"
)
_MOVED: Final = (
    "rose|fell|grew|dropped|climbed|doubled|tripled|halved|jumped|declined|shrank|went|soared|sank|rises|falls"
    "|increased|decreased|improved"
)
_AUDIENCE: Final = "followers|subscribers|downloads|views|listeners|viewers|streams|citations|copies|times"
_CONDITIONS: Final = "possible|profitable|safe|obsolete|easier|faster|cheaper|safer|quicker|simpler|available"
# Patterns that begin with a word, which are tried at the start of each word only, and the others.
_FAMILIES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    # "30% fewer returns", "three days earlier", "15% below the market", "down from 40", "a pass rate of 98%".
    "comparisons": (
        (
            rf"(?:third|quarter|half|thirds|times) (?:{_MORE})\b",
            rf"(?:minutes?|hours?|days?|weeks?|months?|years?) (?:{_EARLY})\b",
            rf"(?:{_MORE}) (?:of|by) (?:\w+ ){{0,2}}{_DIGITS}",
            rf"(?:instead of|rather than|down from|up from|compared (?:with|to)) (?:\w+ ){{0,2}}{_NUMBER}",
            rf"(?:{_RATES}) (?:rates?|scores?|ratings?)?\s?(?:of|at|above|over) \d",
            r"rated? \d",
            r"top \d+\s?%",
            r"twice as [a-z]",
            r"(?:highest|lowest|best|fastest) (?:[\w-]+ ){0,3}(?:ever|in (?:its|the) history|to date)\b",
        ),
        (
            rf"\d\s?{_UNIT} (?:[a-z-]+ )?(?:{_MORE})\b",
            r"\d\s?% (?:below|above|under|over|ahead of|beyond) \w",
            rf"\d\s?% (?:[\w-]+ ){{0,2}}(?:{_RATES})\b",
            r"\d (?:out of|/) (?:5|10)\b",
            r", (?:the|its|our) (?:[\w'-]+ ){0,3}(?:best|highest|most|lowest|fastest)\b",
        ),
    ),
    # "without a complaint", "at no extra cost", "kept all clients".
    "nothing went wrong": (
        (
            rf"(?:without|with zero|with no|had no|and no) (?:any |an? )?(?:[\w-]+ ){{0,2}}(?:{_FAULTS})\b",
            r"without (?:losing|extra|additional|further|more|raising|adding|hiring|stopping|needing)\b",
            r"at (?:no (?:extra|additional)|half the|a (?:third|fraction) of the) (?:\w+ )?(?:cost|price)\b",
            r"(?:retained|kept|keeping|retaining) (?:all|every|each)\b",
        ),
        (),
    ),
    "prizes": (
        (
            rf"to (?:its|their|an?|the) (?:[\w'-]+ ){{0,4}}(?:{_PRIZES}|final|podium)\b",
            rf"(?:{_WON}) (?:[\w',&-]+ ){{0,8}}(?:{_PRIZES}|of the (?:year|month|quarter|season))\b",
            r"(?:plac|rank|finish)(?:ed|ing) (?:\w+ ){0,2}(?:first|second|third|\d+(?:st|nd|rd|th)|top)\b",
            r"came (?:first|second|third)\b",
            r"(?:set|broke|breaking|setting|beat) (?:[\w-]+ ){0,3}records?\b",
            rf"(?<=[a-z,] )(?:{_PRAISED})\b",
        ),
        (),
    ),
    # "now used by", "adopted by", "that the vendor patched", "sold in 14 countries".
    "use by others": (
        (
            r"(?<!\()now (?!responsible|in charge|also|called|known|part of|as\b|and\b)[a-z]+",
            rf"(?:still|today|since|later|subsequently|widely|eventually|then|been) (?:\w+ly )?(?:{_USED})\b",
            r"(?:adopted|copied|replicated|cited|endorsed|taken up|picked up|confirmed) (?:by|across) \w",
            rf"(?:was|were) (?:{_GRANTED}|{_USED})\b",
            rf"(?<=[a-z,] )(?:{_SPREAD}) (?:{_WHERE}) (?:[a-z]+ ){{0,2}}(?:\d|(?:all|every|most)\b)",
            r"still (?:running|operating|serving|selling|standing|going)\b",
            r"(?:is|are) (?:today|still) (?:the|an?|our|its|one|used|in|part|standard|runs?|main)\b",
            rf"(?:that|which|{_OF_OTHERS}) (?:(?!and |or )[\w'-]+ ){{1,6}}?(?:{_TOOK_UP})\b",
            r"(?:is|are) (?:sold|cited|taught|recommended|shown|played) (?:by|in|across|at|to|as)\b",
        ),
        (
            r"(?:,| -|:) (?:today|still) (?:the|an?|our|its|one|used|in|part|standard|runs?|main)\b",
            rf"\d (?:{_AUDIENCE})\b(?! (?:a|per|every)\b)",
        ),
    ),
    # "sales rose by 8%": the verb is not the first word.
    "changes": (
        (
            rf"(?<=[a-z] )(?:{_MOVED}) (?:[a-z]+ ){{0,2}}?(?:by|to|from|over|almost|nearly|within|\d|$)",
            r"(?:is|are|was|were) (?:down|up) (?:by )?\d",
            r"from (?:an? )?(?:loss|deficit|last|bottom|red) (?:[\w-]+ ){0,2}(?:in)?to\b",
            r"(?:turned|turning) (?:[\w'-]+ ){0,4}(?:around|profitable)\b",
            r"turned an? [\w-]+ (?:\w+ )?into\b",
            r"and (?:fixed|solved|resolved|removed|repaired|stopped|cured|corrected) (?:it|them|both|all)\b",
            r"(?:has|have) since \w",
        ),
        (r", so (?!as\b|called\b)",),
    ),
    # "brought both sides to sign", "two of whom were promoted".
    "effects on others": (
        (
            r"brought (?:[\w'-]+ ){1,5}(?:to (?!the\b|an?\b|our\b)|(?:back|under|below|within|down|up)\b)",
            rf"(?:made|making) (?:[\w'-]+ ){{1,4}}(?:{_CONDITIONS}|[a-z]{{3,}}(?:[ai]ble))\b",
            rf"(?:{_WORDS}|most|all|some|both|many|\d+) of (?:whom|which)\b",
            rf"of (?:whom|which) (?:{_WORDS}|\d+|most|all)\b",
            r"(?:persuad|convinc)(?:ed|ing) (?:[\w'-]+ ){1,5}(?:to|that|of)\b",
        ),
        (rf", (?:{_WORDS}|\d+|most|all) of them\b",),
    ),
}


def _compile(at_words: tuple[str, ...], elsewhere: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join([rf"\b(?=[a-z\d])(?:{'|'.join(at_words)})", *elsewhere]))


FAMILIES: Final = tuple(_compile(*patterns) for patterns in _FAMILIES.values())
LABEL = re.compile(r"\W{0,3}(?:key |main )?(?:results?|outcomes?|impact|achievements?|effect)\s?:\s?\w")
BY = re.compile(
    rf"\bby (?:\w+ )?(?:{_DIGITS}\s?{_UNIT}|[$€£¥]\d|half\b|(?:an?|one|two) (?:third|quarter|fifth|tenth))"
)
# "Rebuilt the pipeline to lower latency by 40%" gives an aim.
PURPOSE = re.compile(r"\bto [a-z]{3,} (?:[\w'-]+ ){0,5}$")
CHANGE = re.compile(
    rf"\bfrom (?:[a-z]+ ){{0,3}}?{_NUMBER}(?:[ -]?[a-z%]+){{0,4}},? (?:down |up |back )?"
    rf"to (?:[a-z]+ ){{0,3}}?{_NUMBER}"
)
# "Managed budgets from $1M to $5M" gives a range. A verb of change must precede.
CHANGING = re.compile(
    r"\b(?:scal|grow|grew|cut|tak|took|bring|brought|mov|push|driv|drove|rais|reduc|lower|increas|improv|shorten|lift"
    r"|boost|expand|shrink|shrank|build|built|went|rose|fell|drop|get|got|trim|slash|speed|sped|doubl|ramp|extend"
    r"|widen|narrow|accelerat|decreas|compress|turn|upgrad|streamlin|optimi|halv|deepen|develop|chang)"
)
# Objects that make "generated" or "closed" a routine, and "earned" an education.
ROUTINE = re.compile(
    r"\s(?:[\w-]+\s){0,3}?(?:reports?|documents?|invoices?|quotes?|paperwork|statistics|shop|shifts?|tills?|tickets?"
    r"|registers?|statements?|documentation|labels|lists?|awareness|concerns|perimeter|premises|files?|books"
    r"|diploma|degree|certificate)\b(?!\s\w+er\b)"
)
STUDY = re.compile(r"\s(?:an? |the )?(?:[\w-]+ ){0,2}(?:thesis|dissertation|diploma|degree|paper)\b")
