"""Regular expressions that tell changes and praise from routine. Each matches folded text."""

import re

from scoring.resume.outcomes.vocabulary import DIGITS, DONE, ERRANDS, MANNER, NUMBER, UNIT

LABEL = re.compile(r"\W{0,3}(?:key |main )?(?:results?|outcomes?|impact|achievements?|effect)\s?:\s?\w")
BY = re.compile(
    rf"\bby (?:\w+ )?(?:{DIGITS}\s?{UNIT}|[$€£¥]\d|half\b|(?:an?|one|two) (?:third|quarter|fifth|tenth))"
)
# "Rebuilt the pipeline to lower latency by 40%" gives an aim.
PURPOSE = re.compile(r"\bto [a-z]{3,} (?:[\w'-]+ ){0,5}$")
CHANGE = re.compile(
    rf"\bfrom (?:[a-z]+ ){{0,3}}?{NUMBER}(?:[ -]?[a-z%]+){{0,4}},? (?:down |up |back )?"
    rf"to (?:[a-z]+ ){{0,3}}?{NUMBER}"
)
# "Managed budgets from $1M to $5M" gives a range. A verb of change must precede.
CHANGING = re.compile(
    r"\b(?:scal|grow|grew|cut|tak|took|bring|brought|mov|push|driv|drove|rais|reduc|lower|increas"
    r"|improv|shorten|lift"
    r"|boost|expand|shrink|shrank|build|built|went|rose|fell|drop|get|got|trim|slash|speed|sped|doubl"
    r"|ramp|extend"
    r"|widen|narrow|negotiat|accelerat|decreas|compress|turn|upgrad|streamlin|optimi|halv|deepen"
    r"|develop|chang)"
)
# Objects that make "generated" or "closed" a routine, and "earned" an education.
ROUTINE = re.compile(
    r"\s(?:[\w'-]+\s){0,3}?(?:reports?|documents?|receipts?|invoices?|quotes?|paperwork|statistics|shop"
    r"|shifts?|tills?|tickets?"
    r"|registers?|statements?|documentation|labels|lists?|awareness|concerns|perimeter|premises|files?"
    r"|books"
    r"|diploma|degree|certificate)\b(?!\s\w+er\b)"
)
# "exceeded expectations", "outstanding results": praise without an object.
BOAST = re.compile(
    r"\s(?:(?:all|the|our|my|great|excellent|outstanding|exceptional|amazing|impressive|significant"
    r"|tangible|measurable|high"
    r"|best|strong|positive|superior|remarkable|real|added|new|many|client|customer|team|personal"
    r"|professional|organi[sz]ational"
    r"|business|various|assigned|set|record|in) ){0,4}(?:expectations?|success(?:es)?|excellence"
    r"|results?|goals?|objectives"
    r"|value|growth|potential|synerg(?:y|ies)|achievements?|greatness|targets?|quality|performance"
    r"|experience|knowledge"
    r"|skills?|insights?|impact|outcomes?|efficiency|productivity|solutions?)\b(?! (?:of|for the|at"
    r"|in the|by)\b)"
)
# A load of work: "40 tickets a day".
RATE = re.compile(
    r"(?<!\bin )(?<!\bwithin )(?<!\bover )(?<!\bafter )(?<!\bfor )\b(?:an?|per|each|every) (?:day|week"
    r"|month|shift|hour|night|year)\b|\b(?:dai|week)ly\b|\bdays a week\b"
)
# "Studied the factors leading to ..."
INQUIRY = re.compile(
    r"\W*(?:stud(?:y|ied)|analy[sz]ed?|investigat(?:ed?|ing)|research(?:ed|ing)?|examined?|explored?"
    r"|reviewed|monitored|assessed"
    r"|documented|reported|described|evaluated|modell?ed)\b"
)
STUDY = re.compile(r"\s(?:an? |the )?(?:[\w-]+ ){0,2}(?:thesis|dissertation|diploma|degree|paper)\b")
# "Delivered an order on time" is a duty and its manner. "Every order" and "40 orders" tell more,
# but not "40 orders a day".
ERRAND = re.compile(
    rf"\W{{0,3}}(?:{DONE})[a-z]* (?:(?!every\b|each\b|both\b)[a-z'-]+ ){{0,3}}?(?:{ERRANDS}"
    rf"|\d[\d,.]* (?:[a-z'-]+ )?(?:{ERRANDS}) (?:an?|per|every|each) [a-z]+)"
    r"(?: (?:to|for|from|of|by) (?:[a-z'-]+ ){0,3}?[a-z'-]+)?(?:,? [a-z]+ly,?(?: and)?)?"
    rf" (?:{MANNER})(?: (?:each|every) [a-z]+| daily)?\W*$"
)
