"""Decide from the surrounding words whether an amount measures something. A trailing " 99%" does not.

Only the words count: "99% success" reads as a measurement, true or not.
"""

import re
from typing import Final

# The longest distance in characters: "increased monthly recurring revenue in Asia 45%".
_REACH: Final = 60
# Characters between the words and the number: brackets, signs, the first half of a range.
_SIGNS = re.compile(
    r"(?:\b\d[\d.,]{0,12}\s?(?:%|[kmbx]|億|万|千|円|倍|割)?\s?(?:-|~|から))?[\s(\[「【\"'+±~≈<>≥≤↑↓▲△$€£¥-]{0,8}$"
)
_LEADS: Final = (
    "by|to|of|from|over|at|than|about|around|nearly|almost|up|down|under|below|above|within|in|per|every|with|for"
    "|between|through|after|before|some|only|just|worth|plus|approx|approximately|roughly|circa|ca|a|an|the|on"
    "|against|into|until|till|exceeding|including|additional|another|extra|is|was|were|are|averaging|average|least"
    "|most|total|totaling|totalling|until|beyond|as|its|their|our|my"
)
_FORMS: Final = "(?:e|es|ed|d|s|ing|ting|ning|ping|ped|med|ming)?"
# Verbs that take an amount as their object. Nouns in "-ing" are excluded ("data processing 99%").
_TAKES: Final = (
    "[a-z]{3,}ed|won|gave|put|grew|brought|made|sold|spent|held|lost|paid|led|ran|kept|took|drew"
    "|(?:sav|cut|earn|reach|hit|gain|add|manag|exceed|generat|rais|secur|achiev|deliver|serv|stop|prevent|free"
    f"|win|beat|cover){_FORMS}"
)
# Measures directly before their figure: "uptime 99.9%", "Revenue: +45%".
_MEASURES: Final = (
    "revenues?|sales|turnover|profits?|margins?|costs?|conversion|retention|churn|traffic|uptime|availability"
    "|accuracy|precision|recall|nps|satisfaction|productivity|throughput|latency|downtime|errors|defects|share"
    "|growth|arr|mrr|gmv|ebitda|aum|budgets?|savings|efficiency|coverage|attainment|quota|yield|rates?|ratio|roi"
    "|irr|speed|performance|engagement|yoy"
)
# "Responsible for budgets 99%" does not measure budgets.
_OF_A_DUTY: Final = r"(?<!\bfor )(?<!\bwith )(?<!\bon )(?<!\bin )(?<!\bvarious )"
_BEFORE = re.compile(rf"\b(?:{_LEADS}|{_TAKES}|{_OF_A_DUTY}(?:{_MEASURES}))$|[:=]$")
# A verb of change a few words earlier, without a word between that starts another clause.
_CHANGES: Final = (
    "(?:grow|grew|cut|reduc|increas|improv|rais|boost|lower|decreas|accelerat|expand|shorten|sav|lift|scal|exceed"
    f"|beat|sped|slash|trim|shrank|gain|enhanc|optimi[sz]|outperform|surpass|rose|fell|drop|went){_FORMS}"
)
_ELSEWHERE: Final = r"(?!(?:by|with|through|via|using|while|which|that|for|from|across|at)\b)"
_CHANGED = re.compile(rf"\b{_CHANGES}(?:\s+{_ELSEWHERE}[\w&/'-]+){{0,4}}$")
# A word directly after the number, unless it continues with something else.
_BEHIND = re.compile(
    r"\+?(?:/[a-z]|\s{1,4}a\s|(?:\s{1,4}|-)(?!(?:and|or|while|which|but|nor|plus|then)\b)[a-z]{2,})"
)
_CAPITAL = re.compile(r"\s{0,4}[A-Z]")
# A Japanese unit may have several parts, and "以上" alone measures nothing.
_REST_OF_UNIT = re.compile(
    r"(?:円|ドル|ユーロ|ポイント|pt|間|以上|超|弱|強|程度|前後|ほど|近く|余り|[%+)\]」】]){0,4}\s?"
)
_JAPANESE = re.compile(r"[ぁ-ヺー一-鿿々]")
# Japanese particles count only directly before the number. Before a space they end another word ("など 99%",
# "24%短縮 3倍").
_PARTICLE = re.compile(r"(?:[をがはにとへもので]|から|まで|より|約\s?|およそ\s?)[$€£¥+±~▲△-]?$")
_MEASURES_JAPANESE = re.compile(
    r"(?:平均|最大|最小|総額|合計|累計|年間|月間|毎月|毎年|比|率|額|高|費|量|数|売上|利益|コスト|予算|シェア|規模|年商|目標|資産"
    r"|削減|短縮|向上|増加|改善|拡大|増|減|上昇|低下|伸長|成長|節約|圧縮|達成|計|プラス|マイナス)[(\[:+±~▲△-]{0,3}$"
)


def measures_something(text: str, folded: str, start: int, end: int) -> bool:
    """Return whether the amount `text[start:end]`, including its unit, measures something that is named."""
    rest = _REST_OF_UNIT.match(folded, end)
    if _JAPANESE.match(folded, rest.end() if rest else end):
        return True
    # In "99% Built dashboards" the amount precedes the sentence and is not part of it.
    opens = not any(each.isalnum() for each in text[:start])
    if _BEHIND.match(folded, end) and not (opens and _CAPITAL.match(text, end)):
        return True
    before = folded[max(0, start - _REACH) : start]
    words = _SIGNS.sub("", before).rstrip()
    patterns = ((_PARTICLE, before), (_MEASURES_JAPANESE, before), (_BEFORE, words), (_CHANGED, words))
    return any(pattern.search(where) for pattern, where in patterns)
