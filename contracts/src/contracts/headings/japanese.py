"""Japanese headings: usual ones, and those made up of usual parts ("受賞・表彰", "活かせる経験・知識")."""

import re
from typing import Final

from contracts.headings.heading import Heading, join_kinds, phrases_by_kind, split_phrases

_HEADINGS: Final = phrases_by_kind("""
contact:
    プロファイル情報, 個人情報, 基本事項, 基本情報, 本人情報, 連絡先
summary:
    PR, アピールポイント, キャリアサマリ, キャリアサマリー, キャリア概要, サマリ, サマリー,
    プロフィール, 概要, 略歴, 経歴概要, 経歴要約, 職務概要, 職務要約, 職歴概要, 職歴要約, 自己PR,
    自己アピール, 自己紹介, 自己紹介文, 要約
experience:
    アルバイト歴, アルバイト経験, インターン, インターンシップ, インターンシップ経験, キャリア,
    キャリア詳細, マネジメント経験, 主な職務経歴, 勤務歴, 勤務経歴, 在籍企業, 学歴および職歴,
    学歴及び職歴, 学歴職歴, 実務経験, 就労経験, 就業履歴, 就業経験, 業務内容, 業務履歴, 業務経歴,
    業務経験, 経歴, 経歴詳細, 経験, 経験業務, 職務内容, 職務履歴, 職務経歴, 職務経歴詳細, 職務経験,
    職務詳細, 職歴, 職歴詳細, 開発経験
education:
    学位, 学業, 学歴, 学歴教育, 教育, 教育歴, 最終学歴, 留学歴, 留学経験
skills:
    ITスキル, PCスキル, スキル, スキルセット, ツール, テクニカルスキル, ビジネススキル,
    プログラミング言語, 使用ツール, 使用技術, 使用言語, 保有スキル, 外国語, 対人スキル, 専門スキル,
    専門分野, 専門知識, 強み, 得意分野, 得意技術, 技術, 技術スキル, 技術スタック, 技術経験, 技術要素,
    知識, 習得技術, 能力, 言語, 語学, 語学スキル, 語学力, 開発スキル
certifications:
    保有資格, 免許, 取得資格, 受講歴, 受講研修, 検定, 研修, 研修歴, 認定資格, 語学資格, 資格, 資格検定,
    資格認定
projects:
    プロジェクト, プロジェクト実績, プロジェクト経歴, プロジェクト経験, 主なプロジェクト,
    個人プロジェクト, 個人開発
activities:
    ガクチカ, サークル, サークル活動, 学生時代に力を入れたこと, 学生時代に頑張ったこと, 学生時代の活動,
    活動, 社外活動, 課外活動, 部活動
volunteering:
    ボランティア, ボランティア活動, ボランティア経験, 地域活動, 社会活動, 社会貢献活動
other:
    OSS活動, SNS, その他, アウトプット, キャリアビジョン, キャリアプラン, ポートフォリオ, リンク,
    主な実績, 主な成果, 健康状態, 備考, 出版, 制作実績, 制作物, 動機, 参考, 参考文献, 受賞, 受賞歴,
    執筆, 執筆活動, 好きな学科, 学会, 学会活動, 学会発表, 実績, 家族, 家族構成, 希望, 希望勤務地,
    希望条件, 希望職種, 得意な学科, 得意科目, 志望, 志望動機, 志望理由, 応募動機, 応募理由, 成果,
    所属学会, 扶養家族, 推薦人, 推薦者, 本人希望, 本人希望記入欄, 業務実績, 業績, 特技, 特記事項, 特許,
    発表, 発表論文, 登壇, 登壇実績, 登壇歴, 短所, 研究, 研究内容, 研究実績, 研究業績, 著作, 著書, 表彰,
    表彰歴, 補足, 論文, 講演, 賞罰, 趣味, 転職理由, 退職理由, 通勤時間, 配偶者, 長所, 長所短所
""")
# Headings that are also usual entries of lists, labels within a position, or cells.
_AMBIGUOUS: Final = split_phrases("""
    PR, SNS, インターン, キャリア, サークル, ツール, プロジェクト, マネジメント経験, リンク, 使用ツール,
    使用技術, 使用言語, 免許, 出版, 動機, 参考, 参考文献, 受賞, 執筆, 外国語, 学会, 学位, 学業, 実績,
    家族, 対人スキル, 希望, 強み, 志望, 成果, 技術, 教育, 検定, 業務内容, 業績, 概要, 活動, 特技, 発表,
    知識, 短所, 研修, 研究, 研究内容, 経歴, 経験, 習得技術, 能力, 著作, 要約, 言語, 語学, 論文, 講演,
    趣味, 退職理由, 配偶者, 長所, 開発経験
""")
# Words around or between the headings that make up another one.
_QUALIFIERS: Final = split_phrases("""
    と, IT, OA, PC, Web, および, これまでの, その他の, など, の, ビジネス, メイン, 一覧, 並びに, 主な, 主要,
    主要な, 事項, 他, 保有, 個人, 備考, 及び, 取得, 可能な, 各種, 国内, 学生時代の, 専門, 年, 当社で,
    得意, 得意な, 御社で, 応募, 技術的, 抜粋, 月, 業務, 欄, 歴, 活かせる, 活用できる, 海外, 特に,
    現在の, 生かせる, 直近の, 社会人, 社内, 社外, 等, 続き, 職務, 記入欄, 詳細, 貴社で, 転職後に,
    過去の, 関わる, 関連, 関連する
""")
# "活かせる経験・知識・技術" lists what somebody can do.
_USABLE: Final = ("活かせる", "生かせる", "活用できる")
LABELS: Final = split_phrases("スキル, 保有スキル, 保有資格, 最終学歴, 職務要約, 自己PR, 資格")

_MARKS = re.compile(r"[\s・･/／|｜、,，。&＆+＋\-~〜:：()（）「」『』【】〔〕]")
# "職務経歴①", which is "職務経歴1" here, and "職務経歴　2".
_NUMBER_BEHIND = re.compile(r"\s*(?<!\d)\d{1,2}$")
_TRANSLATION = re.compile(r"^[A-Za-z][A-Za-z /|()&,:\-]+(?=[^\x00-\x7f])|[A-Za-z /|()&,:\-]+$")


def _alternatives(words: frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# The longest heading first, so that it is no qualifier with a shorter one behind.
_PART = re.compile(
    f"(?P<heading>{_alternatives(frozenset(_HEADINGS))})|(?P<qualifier>{_alternatives(_QUALIFIERS)})"
)


def read(text: str) -> Heading | None:
    """Return the heading of a text without ornaments and numbering, or None."""
    if number := _NUMBER_BEHIND.search(text):
        # "プロジェクト1" and "業務内容2" are labels within a position.
        heading = read(text[: number.start()])
        return heading if heading and heading.is_certain else None
    # "学　歴", "自己 PR", "資格・免許", or a heading with its translation: "職務経歴 / Work Experience".
    return _read_squeezed(_MARKS.sub("", text)) or _read_squeezed(_MARKS.sub("", _TRANSLATION.sub("", text)))


def _read_squeezed(text: str) -> Heading | None:
    if kind := _HEADINGS.get(text):
        return Heading(kind, _kinds(text, kind), text not in _AMBIGUOUS)
    at, found = 0, []
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        if heading := part["heading"]:
            found.append(heading)
        at = part.end()
    if not found:
        return None
    if any(word in text for word in _USABLE):
        return Heading("skills", ("skills",))
    # Two headings together are one, though each alone may be an entry of a list.
    is_certain = len(found) > 1 or any(each not in _AMBIGUOUS for each in found)
    kinds = [kind for each in found for kind in _kinds(each, _HEADINGS[each])]
    return join_kinds(kinds, is_certain=is_certain)


def _kinds(text: str, kind: str) -> tuple[str, ...]:
    return ("education", "experience") if text.startswith("学歴") and kind == "experience" else (kind,)
