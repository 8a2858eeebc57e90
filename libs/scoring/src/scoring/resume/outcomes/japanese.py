"""Find the words of a Japanese bullet that say what came of the work."""

import re
from collections.abc import Sequence
from typing import Final

from scoring.language.text import Span
from scoring.resume.openings import Opening
from scoring.rubric import Rubric

# "改善提案" and "削減の施策" name a subject of the work. An outcome ends its clause or continues as a verb.
_ENDS_CLAUSE: Final = (
    r"(?=$|[\s。.、,()\[\]「」・/\d%％]|[しすさたてっりるま]|でき"
    r"|に(?:成功|貢献|寄与|至)|を(?:達成|実現|獲得|果た))"
)
# Outcomes with another subject: "離職がなくなった", "全社に採用された".
_STATES = re.compile(
    r"[な無]くな[っり]|ゼロ(?:に|を|と|化|件)|皆無|無事故|無災害|ノークレーム"
    r"|(?:採用|採択|導入|活用|利用|評価|表彰|認定|選出|掲載|承認|適用|展開|選定|起用|抜擢)され"
    r"|(?:定着|浸透)(?:し[たて]|する|$)|選ばれ|入賞|優勝|受賞|昇[格進](?:し|さ|$)|\d位|全国トップ"
    r"|に(?:つな|繋|結びつ)[がげい]|に至[っり]|に成功|に寄与|に貢献|(?:よう|可能)にな[っり]"
    r"|早く(?:[^、。]{0,8}を)?(?:完|納|終|実|達|稼|リ|開|竣)|前倒しで|早期に(?:完|納|終|実|達|稼|リ)"
    r"|[倍半分]に(?:な|増|減|し|短|拡|$)|上回[っるり]|下回[っるり]|超え[たてる]|に達し|過去最[高多]|(?:業界|社内|全国)初"
    r"|黒字に|増やし|増え[たて]|減らし|減[りっ][またて]|伸び[たて]|高め[たてま]|下げ[たてま]|上げ[たてま]|早め[たてま]"
    r"|(?:商品|標準|主力|定番|柱|モデル)とな[っり]|契約を(?:獲得|更新|締結)"
)
_CHANGE = re.compile(r"\d[^、。]{0,8}(?:から|→|⇒)\s?約?\d[^、。]{0,8}(?:に|へ|まで|と|$)")
_KEPT = re.compile(r"\d[^、。]{0,8}を?(?:維持|継続|確保|記録|キープ)|\d[%％](?:増|減)|比\d|\d[%％]を?達成")


def _result_verbs(rubric: Rubric) -> re.Pattern[str]:
    longest_first = sorted(rubric.words["ja"].result_verbs, key=lambda verb: -len(verb))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}){_ENDS_CLAUSE}")


def find_outcome(folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric) -> Span | None:
    """Return the words of a bullet that state an outcome, or None if it states none or ends with a duty."""
    if opening.strength == "weak" or folded.rstrip(" 。.").endswith("を担当"):
        return None
    for pattern in (rubric.derived(_result_verbs), _STATES):
        if match := pattern.search(folded):
            return _clause(folded, match.start())
    if not amounts:
        return None
    # A connective or a change needs an amount to state an outcome.
    hits = [at for phrase in rubric.words["ja"].result_phrases if (at := folded.find(phrase)) >= 0]
    hits += [match.start() for pattern in (_CHANGE, _KEPT) if (match := pattern.search(folded))]
    return _clause(folded, min(hits)) if hits else None


def _clause(folded: str, at: int) -> Span:
    """Return the rest of the bullet from the beginning of the clause around `at`."""
    return Span(max(folded.rfind(sign, 0, at) for sign in "、。") + 1, len(folded.rstrip()))
