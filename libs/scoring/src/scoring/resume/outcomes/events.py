"""Phrases that state an outcome by what others did or what came about. Each matches folded text."""

from typing import Final

from scoring.resume.outcomes import vocabulary

# No alternative has another at its top level, because they are compiled together.
EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "prizes": (
        rf"\bto (?:its|their|an?|the) (?:[\w'-]+ ){{0,4}}(?:{vocabulary.PRIZES}|final|podium)\b",
        (
            rf"\b(?:{vocabulary.WON}) (?:[\w',&-]+ ){{0,8}}(?:{vocabulary.PRIZES}|of the (?:year|month"
            r"|quarter|season))\b"
        ),
        r"\b(?:plac|rank|finish)(?:ed|ing) (?:\w+ ){0,2}(?:first|second|third|\d+(?:st|nd|rd|th)|top)\b",
        r"\bcame (?:first|second|third)\b",
        r"\b(?:set|broke|breaking|setting|beat) (?:[\w-]+ ){0,3}records?\b",
        rf"(?<=[a-z,] )(?:{vocabulary.PRAISED})\b",
        # "Chosen from 300 applicants", "Was elected spokesperson": what others decided about the person.
        (
            r"^\W*(?:was |were )?(?:elected|appointed|hand-?picked|nominated|entrusted|recogni[sz]ed"
            r"|honou?red|commended|head-?hunted|exhibited) (?:as|in|at|for|to|from|by|out of|among"
            r"|with)\b"
        ),
        # "Selected for jury duty", "Published in German": these need a choice among many or a prize.
        (
            r"^\W*(?:was |were )?(?:chosen|selected|invited|named|picked|voted|featured|published|cited"
            r"|accepted|adopted) (?:(?:as|in|at|for|to|by) (?:[\w'-]+ ){0,6}?)?(?:(?:from|out of|among"
            rf"|by) (?:[a-z]+ ){{0,3}}\d|(?:{vocabulary.PRIZES})\b|(?:best|top)\b)"
        ),
        (
            r"^\W*(?:was |were )?(?:elected|voted (?!for|on|in|at|by|to|against)|crowned"
            r"|awarded (?!contracts|grants|tenders|points|degrees)) ?(?:an? |the )?(?:[a-z]+ |best )"
        ),
        r"^\W*(?:was )?asked to (?:stay|lead|return|join|head|extend|speak)\b",
        r"^\W*(?:was )?(?:chosen|selected|invited) to (?:lead|head|speak|represent)\b",
        r"^\W*(?:best|top) (?!practices)[a-z-]+ (?:of|in) (?:the|my|class|show|year|\d)",
        r"\bnumber one\b",
        r"(?<!\w)(?:no\. ?|#)1\b",
        (
            r"\b(?!(?:end|start|beginning|rest|part|most|times|course|half|close|quarter|middle|day"
            r"|month) )[a-z]+ of the (?:year|quarter|season)\b"
        ),
        (
            r"\b(?:employee|associate|agent|seller|player|nurse|member|performer|driver|volunteer"
            r"|team) of the month\b"
        ),
        r"^\W*(?:award|prize|medal|scholarship|commendation) (?:for|from|of)\b",
        r"^\W*(?:first|youngest|only) [a-z' -]{3,30} (?:to|in the)\b",
        r"^\W*became (?!an? member|familiar|involved|interested|aware|responsible)\w",
        (
            r"\brepresent(?:ed|ing) (?:[\w'-]+ ){1,4}(?:at"
            r"|in) (?:the )?(?:[\w-]+ ){0,2}(?:championships?|olympics?|games|finals?|cup)\b"
        ),
        r"\bwinning (?:bid|entry|design|proposal|concept|pitch|essay|tender)\b",
        r"\bwith (?:high )?(?:distinction|honou?rs|merit|top marks)\b",
        r"\bto (?:an? )?(?:standing ovations?|rave reviews|sold-out)",
        r"\bbroke the (?:story|news)\b",
        r"^\W*made partner\b",
        r"^\W*(?:advanced|rose|progressed|moved up|climbed) (?:\w+ )?from (?:[\w-]+ ){1,4}to\b",
        (
            r"\b(?:fully booked|oversubscribed|with a waiting list|for good|once and for all"
            r"|never again|(?:is|now|still) in its \w+ year)\b"
        ),
        r"\bset (?:an?|the|new) (?:[\w-]+ )?(?:precedent|record|standard|benchmark|example)\b",
    ),
    # "now used by", "adopted by", "that the vendor patched", "sold in 14 countries".
    "use by others": (
        # "Now working on" tells the present work, and ", now tidy" nothing that others confirm.
        (
            rf"(?<=[\w,] )now (?:\w+ly )?(?:{vocabulary.USED}|{vocabulary.SPREAD}"
            r"|consulted|run|standard|required) (?:by|in|across|at|on|as|for|throughout|every)\b"
        ),
        (
            r"(?<=[a-z] )now (?:use|follow|buy|apply|appl(?=ies)|rel(?=y|ies)|recommend|teach|adopt"
            r"|prefer|visit|read)(?:s|es|ies|y)?\b"
        ),
        r"\b(?:that|which|who|it|they) now (?!also\b|ha[sd]\b|have\b|uses?\b|works?\b)[a-z]+ \w",
        r"\b(?:is|are) now (?:\w+ly )?(?!closed|filed|parked|stored|based|located)[a-z]{3,}(?:ed|en) [a-z]",
        r"\bwho (?:is|are) now [\w-]+ \w",
        r"(?<=[\w,] )now (?:the|our|its|their|one of) (?!part\b|member\b)[\w'-]+ [\w'-]+",
        (
            r"\b(?:still|today|since|later|subsequently|widely|eventually|then"
            rf"|been) (?:\w+ly )?(?:{vocabulary.USED})\b"
        ),
        r"\b(?:adopted|copied|replicated|cited|endorsed|taken up|picked up|confirmed) (?:by|across) \w",
        rf"(?<=[\w,;)] )(?:was|were) (?:{vocabulary.GRANTED}|{vocabulary.USED})\b",
        (
            rf"(?<=[a-z,] )(?:{vocabulary.SPREAD}) (?:by|across|in|on|at) (?:[a-z]+ ){{0,2}}(?:\d|(?:all"
            r"|every|most)\b)"
        ),
        (
            rf"^\W*(?:{vocabulary.MADE}) an? (?:[\w-]+ ){{1,4}}?(?:{vocabulary.ACCLAIMED}) (?:by|for|in"
            r"|at|on|across|into) \w"
        ),
        rf"\bsince (?:been )?(?:{vocabulary.USED}|{vocabulary.GRANTED}) ",
        r"\b(?:that|which) (?:is|are) sold (?:across|worldwide|in (?:[a-z]+ )?\d)",
        r"\bholds? (?:an?|the) patent\b",
        r"\bpatented\b",
        r"\bpatents? (?:granted|registered|issued)\b",
        r"\bwhose (?:[\w-]+ ){1,4}(?:won|found|became|got|made|rose|grew|fell|[a-z]{2,}ed)\b",
        r"\bwith (?:[\w-]+ )?\d+\s?% of (?:[\w'-]+ ){1,3}[a-z]{2,}ing\b",
        r"\b(?:later|subsequently|eventually|ultimately|has since|have since) (?:been )?[a-z]{3,}ed\b",
        (
            r"\bstill (?:running|operating|serving|selling|standing|going|on board|employed|in post"
            r"|on air|in print)\b"
        ),
        (
            r"(?:,|\bis|\bare| -|:) (?:today|still) (?:the|an?|our|its|one|used|in|part|standard|runs?"
            r"|main)\b"
        ),
        (
            rf"\b(?:that|which|{vocabulary.OF_OTHERS}) (?:(?!and "
            rf"|or )[\w'-]+ ){{1,6}}?(?:{vocabulary.TOOK_UP})\b"
        ),
        rf"\d\+? ?(?:million|thousand|[kmb])? ?\b(?:{vocabulary.AUDIENCE})\b(?! (?:a|per|every)\b)",
    ),
    # "the agency's first", "became the youngest partner", "top-performing", "the largest client to date".
    "firsts": (
        (
            rf"^\W*(?:{vocabulary.BUILT})[a-z]* (?:[\w-]+ ){{0,4}}?(?:[\w-]+'s?|our"
            rf"|its) (?:{vocabulary.TOP}) [a-z](?!oint of)"
        ),
        (
            rf"^\W*(?:{vocabulary.BUILT})[a-z]* (?:[\w-]+ ){{0,3}}?the (?:{vocabulary.TOP}) (?:[\w'-]+"
            rf" ){{1,6}}(?:in|to date|ever|of its kind)\b"
        ),
        (
            rf"\b(?:became|becoming|was|made) (?:the |an? )?(?:[\w'-]+ ){{0,2}}(?:{vocabulary.TOP}|top"
            r"|best|leading)\b"
        ),
        (
            r"\btop[- ](?:performing|selling|rated|ranked|grossing|scoring|seller|performer|producer"
            r"|earner|scorer)\b"
        ),
        r"\bgraduated (?:top|first|second|with (?:honou?rs|distinction)|summa|magna|cum)\b",
    ),
    # "struck a deal with", "reached an agreement".
    "agreements": (
        (
            r"\b(?:reach|conclud|broker|clos|seal|sign|secur|struck|strik|negotiat)[a-z]* (?:an?"
            r"|the) (?:[\w-]+ ){0,3}(?:agreement|settlement|deal|compromise|truce|contract|partnership"
            r"|treaty|accord|consensus)\b"
        ),
        r"\b(?:saved|rescued|spared|kept) (?:[\w'-]+ ){1,5}from [a-z]+",
    ),
    # "guided 35 students to their degree", "merged 14 depots into 5".
    "completion": (
        (
            r"^\W*(?:guid|steer|led\b|shepherd|coach|brought|took\b|carried|sent\b|saw\b|accompani"
            r"|return|help)[a-z]* (?:[\w',-]+ ){1,6}?(?:to|through|into) (?:their (?:degree|diploma"
            r"|final|first|graduation)|completion|graduation|certification|market|launch|production"
            r"|victory|success|university|employment|early|the finals?|first|full)\b"
        ),
        (
            r"^\W*(?:consolidat|simplif|merg|condens|combin|collaps|compress"
            r"|reduc)[a-z]* (?:[\w'-]+ ){1,6}(?:in)?to (?:one|two|three|four|five|\d+|an? \w+)\b"
        ),
        (
            rf"\b(?:{vocabulary.WORDS}|\d+) (?:acquittals?|convictions?|medals?|victor(?:y|ies)"
            r"|promotions?)\b"
        ),
    ),
    # "drove a 14-point increase", "led the turnaround of", "removing the need for", "backlog of 600 visas".
    "outcome nouns": (
        rf"\d+-(?:point|fold|percent|day|week|month|hour|minute)s? (?:{vocabulary.MORE})\b",
        (
            r"\b(?:led|drove|managed|directed|engineered|oversaw) (?:the|a) (?:[\w-]+ )?(?:turnaround"
            r"|recovery|revival)\b"
        ),
        (
            r"\b(?:delivered|realized|realised|produced|achieved|found"
            r"|identified) (?:[\w-]+ )?(?:savings|efficiencies) (?:of|worth) "
        ),
        r"\b(?:remov|eliminat|obviat|avoid|end)(?:e?d|ing|es) the need (?:for|to)\b",
        (
            r"\b(?:clear|process|work|resolv|eliminat|tackl|reduc)[a-z]* (?:[\w-]+ ){0,3}backlog (?:of"
            r"|in|within|from) (?=.*\d|.*\b(?:in|within) )"
        ),
        (
            r"\bbuilt an? (?:loyal|devoted|large|strong|dedicated) (?:[\w-]+ )?(?:following|readership"
            r"|audience|fan ?base|clientele)\b"
        ),
        (
            r"\b(?:restor|rebuil|regain|earn|won|win)[a-z]* (?:the )?(?:[\w'-]+ ){0,2}(?:confidence"
            r"|trust|credibility|order(?! to\b)|calm|power|service)\b"
        ),
    ),
    # "brought both sides to sign", "two of whom were promoted".
    "effects on others": (
        r"\bbrought (?:[\w'-]+ ){1,5}(?:to (?!the\b|an?\b|our\b)|(?:back|under|below|within|down|up)\b)",
        r"\b(?:made|making) (?:it|them) [a-z]+(?! (?:for|by|with|from)\b)",
        (
            rf"\b(?:made|making) (?:[\w'-]+ ){{1,4}}(?:{vocabulary.CONDITIONS}"
            r"|(?!availab|vegetab|respons|suitab|comfortab|eligib)[a-z]{3,}[ai]ble)\b"
        ),
        rf"\b(?:{vocabulary.WORDS}|most|all|some|both|many|\d+) of (?:whom|which)\b",
        (
            r", (?:giving|leaving|gives|which gives?) (?:(?:the|our|its|their|all|every"
            r"|each) )?[a-z]+ (?:[\w-]+ ){0,2}(?:access|time|insight|control|visibility|freedom"
            r"|confidence|back|free)\b"
        ),
        r", (?:making|turning|rendering) (?:it|them|this|the [a-z]+) (?:[a-z]+\b)",
        r"\bwho (?:then |later |soon |now |since )?(?:began|started|became|went on|now|later|soon)\b",
        (
            r"\bwhich (?:the )?(?:[\w'-]+ ){1,3}(?:finally|eventually|later|then|subsequently|has since"
            r"|have since) [a-z]+ed\b"
        ),
        (
            r"\bthat (?:[\w'-]+ ){0,4}?(?:had (?:given up|written off|failed|rejected|refused|abandoned"
            r"|missed|overlooked|ignored|feared)|(?:could|would|might) have)\b"
        ),
        (
            r"^\W*(?:remov|fix|solv|resolv|end|clos|repair|clear|break|broke|stopp"
            r"|lift)[a-z]* (?:[\w-]+ ){1,3}(?:that|which) had\b"
        ),
        r"\b(?:found|showed|proved|established|revealed|confirmed|discovered|demonstrated) that\b",
        (
            r"\b(?:much )?to (?:the (?:[\w-]+(?:'s|s') )?(?:great |full )?|everyone's )(?:relief"
            r"|satisfaction|delight|acclaim|benefit)\b"
        ),
        r"\bafter (?:[\w-]+ ){0,3}(?:failed|unsuccessful|fruitless)\b",
        r"\b(?:got|won|claimed|brought|getting) (?:[\w'-]+ ){1,4}back\b",
        r"\bonly \d+ (?:of|out of) \d",
        rf", (?:{vocabulary.WORDS}|\d+|most|all) of them\b",
        r"\b(?:persuad|convinc)(?:ed|ing) (?:[\w'-]+ ){1,5}(?:to|that|of)\b",
    ),
}
