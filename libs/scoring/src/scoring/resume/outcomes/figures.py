"""Phrases that state an outcome by a comparison or a change. Each matches folded text."""

from typing import Final

from scoring.resume.outcomes import vocabulary

# No alternative has another at its top level, because they are compiled together.
FIGURES: Final[dict[str, tuple[str, ...]]] = {
    # "30% fewer returns", "three days earlier", "15% below the market", "down from 40", "a pass rate of 98%".
    "comparisons": (
        rf"\d\s?{vocabulary.UNIT} (?:[a-z-]+ )?(?:{vocabulary.MORE})\b",
        rf"\b(?:third|quarter|half|thirds|times) (?:{vocabulary.MORE})\b",
        rf"\b(?:minutes?|hours?|days?|weeks?|months?|years?) (?:{vocabulary.EARLY})\b",
        r"\d\s?% (?:below|above|under|over|ahead of|beyond) \w",
        rf"\b(?:{vocabulary.MORE}) (?:of|by) (?:\w+ ){{0,2}}{vocabulary.DIGITS}",
        (
            r"\b(?:instead of|rather than|down from|up from|compared (?:with"
            rf"|to)) (?:\w+ ){{0,2}}{vocabulary.NUMBER}"
        ),
        rf"\d\s?% (?:[\w-]+ ){{0,2}}(?:{vocabulary.RATES})\b",
        rf"\b(?:{vocabulary.RATES}) (?:rates?|scores?|ratings?)?\s?(?:of|at|above|over) \d",
        # "with an error rate under 0.5%", "an F1 score of 0.94", "95% of the time".
        (
            r"\b(?:rate|ratio|share|resolution|accuracy|yield|margin|return|turnover|attrition|churn"
            r"|utili[sz]ation|downtime|loss)(?: \w+)? (?:of|under|below|above|over|at) (?:only |just "
            r"|about |less than )?\d[\d.,]*\s?(?:%|percent)"
        ),
        (
            r"\b(?:score|rating|nps|csat|f1|precision|recall|auc|satisfaction)(?: \w+)? (?:of|under"
            r"|below|above|over|at) \d"
        ),
        r"\d\s?% of the time\b",
        r"\bthat \d+\s?% of\b",
        r"\d (?:out of|/) (?:5|10)\b",
        r"\btop \d+\s?%",
        r"\b(?:highest|lowest|best|fastest) (?:[\w-]+ ){0,3}(?:ever|in (?:its|the) history|to date)\b",
        (
            r", (?:the|its|our) (?:[\w'-]+ ){0,3}(?:best|highest|most|lowest|fastest|first|largest"
            r"|biggest|longest|shortest)\b"
        ),
        r", (?:the|its|our|an?) (?:[\w'-]+ ){0,3}(?:record|success|sell-?out|hit|favou?rite|benchmark)\b",
        (
            r"\b(?:[a-z]+er|more|less) (?:[\w-]+ ){0,3}than (?:planned|expected|before|any|the|ever"
            r"|previous|usual|required|budgeted|forecast|in \d|competitors)"
        ),
        (
            r"\b(?:half|twice|double|three times) the (?:former|usual|previous|price|cost|time|industry"
            r"|average|rate|normal|original)\b"
        ),
    ),
    # "without a complaint", "at no extra cost".
    "nothing went wrong": (
        (
            r"\b(?:without|zero|no|not an? single|not one) (?:any "
            rf"|an? )?(?:[\w-]+ ){{0,2}}(?:{vocabulary.FAULTS})\b"
        ),
        (
            r"\bwithout (?:losing|extra|additional|further|more|raising|adding|hiring|stopping|needing"
            r"|touching|disturbing|damaging|interrupting|disrupting|closing|delaying|compromising"
            r"|increasing|affecting|missing|exceeding)\b"
        ),
        (
            r"\b(?:without|with (?:no|zero)) (?:an? |any "
            rf"|one )?(?!{vocabulary.HELP})(?:[a-z-]+ ){{0,2}}(?!{vocabulary.HELP})[a-z-]+(?=$|[,;.)])"
        ),
        r"\b(?:unharmed|undamaged|unscathed|uninjured)\b",
        r"\bout of court\b",
        r"\b(?:accident|incident|injury|strike|claim|violation|outage)-free\b",
        r"\blost no\b",
        (
            r"\b(?:held|holding|kept|keeping|maintain(?:ed|ing)|sustain(?:ed"
            rf"|ing)) (?!(?:[\w'-]+ ){{0,3}}(?:{vocabulary.GATHERINGS})\b)(?:[\w'-]+ ){{1,5}}(?:(?:under"
            r"|below|above|over|within) (?:just |only )?[$€£]?\d|at (?:just |only )?(?:[$€£]\d"
            rf"|\d[\d.,]*\s?(?:{vocabulary.UNIT}|[kmb]\b)))"
        ),
        r"\bat (?:no (?:extra|additional)|half the|a (?:third|fraction) of the) (?:\w+ )?(?:cost|price)\b",
    ),
    # "11 of 12 applications approved". "Managed 3 of 12 regions" gives a scale.
    "shares": (
        (
            r"^(?!\W*(?:manag|led\b|superv|overs|cover|ran\b|respons|work|support|visit|t(?:aught|each)"
            r"|serv|one\b)).*?\b(?!1\b)\d+ (?:out )?of (?:the |our |its )?\d+ [a-z]"
        ),
    ),
    # "on time", "in under 8 minutes".
    "in time": (
        # One thing or an amount: "Delivered the terminal on time", unlike "Delivered parcels on time".
        (
            r"^\W*(?:deliver|complet|finish|hand|open|launch|ship|releas|clos|built|rebuilt|migrat"
            r"|cut over|submitted|met|brought|execut)[a-z]* (?=[^.;]*\d|(?:an?|every|each|both|the|its"
            r"|our) )(?!(?:the|its|our) (?:[\w-]+ )?[a-z]+s (?:on|in) time)(?:[\w'%,-]+ )*?(?:on|in)"
            r" time\b"
        ),
        r"^(?!\W*(?:ensur|respons|monitor|manag|plan)).*\b(?:within|on|in|under) (?:the )?budget\b",
        (
            r"^\W*(?:evacuat|contain|restor|rebuilt|clear|complet|finish|set up|migrat|built|resolv"
            r"|process|repair)[a-z]* (?:[\w'%,-]+ )*?(?:in|within) (?:only "
            rf"|just )?(?:{vocabulary.WORDS}|the|an?|\d+) (?:minutes?|hours?|days?|weeks?|months?)\b"
        ),
        r"\bat a (?:profit|premium|return)\b",
        r"\bwith an? (?:[\w-]+ )?(?:return|profit|yield) of\b",
        r"\bon better terms\b",
        (
            r"^(?!\W*(?:respon|repl|answer|return|ensur)).*\bwithin (?:just |only )?(?:an?|one|two"
            r"|three|four|five|six|\d+) (?:\w+ )?(?:quarters?|years?|months?|weeks?|days?|hours?"
            r"|minutes?)\b(?! of\b)"
        ),
        (
            r"\bin (?:its|the|my|her|his) first (?:\w+ )?(?:years?|quarters?|months?|weeks?|days?"
            r"|seasons?|hours?)\b"
        ),
        r", (?:delivered|completed|finished|handed over|opened) (?:on|in|within|under|ahead|early)\b",
        r"\b(?:every|all|each) (?:[\w-]+ ){1,5}(?:within|on time|in time|by the deadline)\b",
        r"\bwhat (?:had |once )?(?:took|used to|needed)\b",
        (
            r"\b(?:in|within) (?:under|less than|just|only|record) (?:\d|time|an? |one|two|three|four"
            r"|five|six)"
        ),
        (
            r"^(?!\W*(?:manag|led\b|spen|alloc|cover|own|held|work|devot|dedic|donat|handl|invest|overs"
            r"|superv))\W*[a-z-]+ (?:to )?\d+\s?% of\b"
        ),
    ),
    # "sales rose by 8%": the verb is not the first word.
    "changes": (
        (
            rf"(?<=[a-z] )(?:{vocabulary.MOVED}) (?:[a-z]+ ){{0,2}}?(?:by|to|from|over|almost|nearly"
            r"|within|\d|$)"
        ),
        r"\b(?:is|are|was|were) (?:down|up) (?:by )?\d",
        rf"^\W*(?:[a-z]+ ){{0,3}}(?:{vocabulary.MEASURES}) (?:up|down) (?:by |from )?\d",
        rf"\b(?:{vocabulary.MEASURES})(?: rate| score)?: \d",
        (
            r"^\W*(?:all|\d+\s?% of) [a-z -]{2,30} (?:met|passed|delivered|kept|sold|accepted|retained"
            r"|renewed|completed)\b"
        ),
        r"\bfrom (?:nothing|zero)\b",
        r"\bensur(?:ed|ing) (?:that )?no\b",
        r"\bby (?:usd|eur|gbp|chf|jpy)\s?\d",
        r"\bby one (?:grade|level|class)\b",
        r"\bfrom (?:an? |the )?(?:loss|deficit|red) (?:in)?to (?:an? |the )?(?:profit|surplus|black)",
        r"\b(?:turned|turning) (?:[\w'-]+ ){0,4}(?:around|profitable)\b",
        r"\bturned an? [\w-]+ (?:\w+ )?into\b",
        r"\band (?:fixed|solved|resolved|removed|repaired|stopped|cured|corrected) (?:it|them|both|all)\b",
        (
            r"(?:,|(?<=[a-z])) so (?:that )?(?!(?:it|they) (?:(?:is|are|was|were) )?\w+\W*$)"
            r"(?!as\b|called\b|that\b|on\b|far\b|much\b|many\b"
            rf"|forth\b)(?!(?:[\w'-]+ ){{1,6}}(?:{vocabulary.MODAL})\b)[a-z]"
        ),
        r"\b(?:has|have) since \w",
        # "until they withdrew", "before any exploit appeared".
        (
            r"\b(?:until|before) (?:(?:the|any|an?|its|their"
            rf"|our) )?(?:[\w'-]+ ){{1,3}}?(?:{vocabulary.CEASED})\b"
        ),
        r"\bopened up (?:an?|the|new)\b",
        (
            r"\b(?:back (?:in)?to|to (?:competition|concert|playing|working|running|mint|original"
            r"|full)) (?:health|life|profit\w*|service|operation|standard|form|the black|the market"
            r"|condition|order|work|strength|glory|beauty)\b"
        ),
        rf"^\W*saw (?:[\w'-]+ ){{1,4}}(?:{vocabulary.RISE})\b",
        (
            r"\b(?:transformed|transforming|turned|turning|grew|growing|built|bred|shaped|moulded"
            r"|molded|forged) (?:[$€£¥]?[\w'.,-]+ ){1,6}?into (?:an?|the|one)\b"
        ),
        (
            r"\bkept (?:[\w'-]+ ){1,4}(?:running|open|going|afloat|alive|operating|online|stable|intact"
            r"|on track)\b"
        ),
    ),
}
