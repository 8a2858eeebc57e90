"""Find the words of a Japanese bullet that say what came of the work."""

import re
from collections.abc import Sequence
from typing import Final

from scoring.language.text import Span
from scoring.resume.openings import Opening
from scoring.rubric import Rubric

# "改善提案" and "削減の施策" name a subject of the work. An outcome ends its clause or continues as a verb.
_ENDS_CLAUSE: Final = (
    r"(?=$|[\s。.、,()\[\]「」・/\d%％]|[しさたてっりるま]|する(?:$|[、。とこなた])|でき"
    r"|に(?:成功|貢献|寄与|至)|を(?:達成|実現|獲得|果た))"
)
# Nouns that state an outcome as a verb or at the end of a clause, besides the rubric's own.
_NOUNS: Final = (
    "一掃|突破|回避|節約|勝訴|樹立|上積み|復帰|合格|再建|早期化|上昇|阻止|脱却|払拭|克服|奪還|復活|内定|連覇|制覇|入選|実用化"
    "|製品化|商品化|存続|全勝|首位|急増|激減|倍増|半減|好転"
)
# Outcomes that need no amount.
_PHRASES: Final = (
    # "離職がなくなった", "再入院が減った": the verb has another subject.
    r"[な無]くな[っり]|(?<!変更|中止|廃止|延期|異動|担当|対象|必要|不要|交代|閉鎖|閉店|休業|別名)(?:に|と)な[っり][たてま].{0,2}$",
    r"[がもはに](?:大幅に|着実に|倍に|\d[^、。]{0,8})?(?:増え|減[っり]|広が[っり]|上が[っり]|下が[っり]|伸び|短くな|早くな|ヒット|戻[っり])",
    r"[がも](?:大幅に|着実に)?(?:安定|定着|増加|減少|上昇|低下|改善|向上|回復|解消|浸透|普及|増大)(?:$|[、。]|し(?!て|たた|た際))",
    # "全社に採用された": what others decided.
    r"(?:採用|採択|導入|活用|利用|評価|表彰|認定|選出|掲載|承認|適用|展開|選定|起用|抜擢|配布|紹介|放映|引用|登録|招待|推薦)され",
    r"(?:取り上げら|認めら|選ば|任さ)れ|(?:使わ|用いら|活用さ|読ま|続けら)れて(?:いる|います|おり)?(?:$|[、。])",
    r"(?:シリーズ|製品|商品|実用|制度|書籍|映画|定番|条例|恒例|常設|モデル)化され|[現今いま]在?も[^、。]{0,12}(?:稼働|使|利用|運用|活用|在籍|続)",
    r"(?:定着|浸透)(?:し[たて]|する|$)|特許[がを]?(?:取得|登録)|契約を(?:獲得|更新|締結)|(?:商品|標準|主力|定番|柱|モデル)とな[っり]",
    # Prizes and ranks.
    r"入賞|優勝|受賞(?![作者歴曲式])|昇[格進](?:し|さ|$)|\d位|全国トップ|感謝状|(?:最優秀|社長|新人|大|金|銀|銅|奨励|功労|優秀)賞(?!の?(?:選|審|制))",
    r"[賞章]を(?:受け|い?ただ|頂|授|獲)|mvp(?!制度)|グランプリ|(?:売上|成績|業績|営業|社内|全国|業界|販売)[^、。]{0,6}(?:トップ|首位|ナンバーワン)(?!ページ|ダウン)",
    # "クレームゼロ", "指摘事項なし", "無事故".
    r"ゼロ(?:に|を|と|化|件|で|$)|皆無|無事故|無災害|ノークレーム",
    r"(?:指摘|事故|遅延|ミス|クレーム|苦情|不具合|障害|トラブル|違反|離職者?|退職者|遅刻|欠勤|災害|欠品)[^、。]{0,5}(?:な[くし]|0件)",
    # "未然に防いだ", "金賞に導いた", "和解を勝ち取り".
    r"防[いぎ][だで、]?|食い止め|守り抜|守った|抑え[たてま]|抑え込|勝ち取|導い[たて]|導き(?:、|$)|こぎ[つ着]け|乗り[越切]|立て直[しす]|[成や]し?遂げ|取り戻|押し上げ",
    r"に(?:つな|繋|結びつ)[がげい]|に至[っりる]|に成功|に寄与|に貢献|(?:よう|可能)[にと]な[っり]",
    r"増やし|増え[たて]|減らし|減[りっ][またて]|伸び[たて]|高め[たてま]|下げ[たてま]|上げ[たてま]|早め[たてま]|黒字に",
    # In time, or above what was expected.
    r"早く(?:[^、。]{0,8}を)?(?:完|納|終|実|達|稼|リ|開|竣)|前倒しで|早期に(?:完|納|終|実|達|稼|リ)",
    # "注文を納期どおりに納品" is a duty and its manner.
    (
        r"(?<!(?:注文|荷物|商品|書類|資料|伝票|日報)を)(?<!(?:報告|請求|見積|納品)書を)"
        r"(?:納期|期限|期日|予算|工期|計画|スケジュール|締切)(?:どおり|通り|内|以内)[^、。]{0,8}(?:完|納|達|リリース|終|引き渡|稼働|竣)"
    ),
    r"[倍半分]に(?:な|増|減|し|短|拡|$)|上回[っるり]|下回[っるり]|超え[たてる]|に達し|過去最[高多]",
    # Firsts.
    r"(?:業界|国内|県内|日本|世界|史上|社内|当社|当院|当校|全国|市内|以来)初|(?<!最)初の[^、。]{1,16}[をにへ]",
)
_STATES = re.compile("|".join(_PHRASES))
# Outcomes that need an amount.
_CHANGE = re.compile(r"\d[^、。]{0,8}(?:から|→|⇒)\s?約?\d[^、。]{0,8}(?:に|へ|まで|と|$)")
_KEPT = re.compile(
    r"\d[^、。]{0,8}を?(?:維持|継続|確保|記録|キープ|守っ)|\d[%％](?:増|減)|比\d|\d[%％]を?達成|円[^、。]{0,3}を(?:計上|売り上げ)"
    r"|\d[\d.,]*\s?(?:%|[倍割点円件名人日枚]|分間?|[千万億]円|時間|ポイント)[^、。]{0,3}(?:アップ|ダウン|カット|上が|下が|上乗せ|増[えしやの]?|減[りっらの]?|節|伸[びば長])"
    r"|うち\d+(?:名|人|件|社|本|校|店|割)"
    r"|(?:率|度|調査|評価|スコア)[^、。\d]{0,4}\d[\d.,]*\s?[%点](?:以上|超|台)?$"
)
# Praise of oneself and aims, which state no outcome: "大きな成果を上げました", "貢献できる人材です".
_BOAST = re.compile(
    r"(?:成果|実績|結果|業績)[をに](?:出|上げ|挙げ|残)[^、。]{0,4}|(?:貢献|達成|実現|改善|削減|向上)(?:でき|出来|した[いく])(?!るよう|た)[^、。]{0,4}"
)
# "減った在庫の補充", "評価されるよう努力", "ゼロを目指して": a description of a thing, and aims.
_NO_STATEMENT = re.compile(
    r"(?:(?:さ?れ|ま?し|い|っ)?(?:[ただ]|て(?:いる|いた)|る)?(?<=[ただる])"
    r"(?:まま|(?!結果|為)[\u3005\u4e00-\u9fff\u30a0-\u30ff]))"
    r"|(?:[しさ]?れ?る|ない)?よう(?!に?な)|[をにへ]?(?:目指|めざ|向け|目標)"
)
# What is better if it grows, and what is better if it shrinks.
_GOOD: Final = (
    "売上高?|売り上げ|利益率?|収益|業績|客数|集客数?|受注数?|契約数?"
    "|満足度|生産性|生産量|効率|品質|会員数?|応募者?数?|評価|士気"
)
_BAD: Final = (
    "離職[者率]?|退職[者率]?|クレーム|苦情|コスト|費用|経費|原価|事故|ミス|不良品?率?|欠品率?|欠勤|遅刻|残業(?:時間)?|遅延|障害|トラブル|返品"
    "|負担|解約率?|赤字|損失|負債|借金|不満|違反"
)
_WORSENED = re.compile(
    rf"(?:{_GOOD})[がもはの]?(?:大幅に|着実に|\d[^、。]{{0,8}})?(?:減[っりら少]|下が|低下|落ち|半減|激減)"
    rf"|(?:{_BAD})(?:件?数|量|額)?[がもはの]?(?:大幅に|着実に|\d[^、。]{{0,8}})?(?:増え|増加|上が|上昇|伸び|広が|拡大|増大|急増|倍増|\d?倍に)"
)


def _result_verbs(rubric: Rubric) -> re.Pattern[str]:
    longest_first = sorted(rubric.words["ja"].result_verbs, key=lambda verb: -len(verb))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}|{_NOUNS}){_ENDS_CLAUSE}")


def find_outcome(folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric) -> Span | None:
    """Return the words of a bullet that state an outcome, or None if it states none or ends with a duty."""
    if opening.strength == "weak" or folded.rstrip(" 。.").endswith("を担当"):
        return None
    if not amounts:
        folded = _BOAST.sub(lambda match: "_" * len(match.group()), folded)
    folded = _WORSENED.sub(lambda match: "_" * len(match.group()), folded)
    for pattern in (rubric.derived(_result_verbs), _STATES):
        for match in pattern.finditer(folded):
            if not _NO_STATEMENT.match(folded, match.end()):
                return _clause(folded, match.start())
    if not amounts:
        return None
    # A connective or a change needs an amount to state an outcome.
    hits = [at for phrase in rubric.words["ja"].result_phrases if (at := folded.find(phrase)) >= 0]
    hits += [found.start() for pattern in (_CHANGE, _KEPT) if (found := pattern.search(folded))]
    return _clause(folded, min(hits)) if hits else None


def _clause(folded: str, at: int) -> Span:
    """Return the rest of the bullet from the beginning of the clause around `at`."""
    return Span(max(folded.rfind(sign, 0, at) for sign in "、。") + 1, len(folded.rstrip()))
