"""The section headings of resumes, in English and Japanese, and their lookup."""

import re
import unicodedata
from typing import Final


def _phrases(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))


def _phrases_by_type(words: str) -> dict[str, frozenset[str]]:
    parts = re.split(r"(\w+):\n", words)[1:]
    return {kind: _phrases(phrases) for kind, phrases in zip(parts[::2], parts[1::2], strict=True)}


# Words that may surround a heading without changing its section type.
_QUALIFIERS: Final = _phrases("""
    academic, additional, background, career, computer, core, current, details, educational, employment,
    executive, formal, highlights, history, industry, information, it, key, main, major, my, notable,
    of, other, overview, past, personal, practical, previous, prior, professional, recent, related,
    relevant, selected, summary, technical, the, work, working
""")
# Words that also appear alone in lists and as labels. They count as headings only with more evidence.
AMBIGUOUS: Final = _phrases("""
    achievements, activities, awards, career, community, contact, courses, engagements, introduction,
    language, languages, leadership, papers, positions, presentations, project, research, roles,
    statement, strengths, talks, teaching, technical, technologies, tools, training, work, キャリア,
    プロジェクト, リンク, 免許, 参考, 受賞, 執筆, 実績, 強み, 成果, 技術, 教育, 業務内容, 概要, 活動,
    特技, 発表, 研修, 研究, 研究内容, 経歴, 経験, 言語, 語学, 趣味, 開発経験
""")
_ENGLISH: Final = _phrases_by_type("""
contact:
    contact, contact info, contact me, contacts, get in touch, personal data
summary:
    about, about me, bio, biography, career objective, executive summary, highlights, introduction,
    objective, objectives, overview, personal statement, profile, qualifications summary, statement,
    summary, summary of qualifications, value proposition
experience:
    appointments, career, career history, career progression, career summary, consulting engagements,
    employment, employment history, employment record, engagements, experience, experiences, internship,
    internships, job history, military experience, military service, positions, professional background,
    professional history, roles, work, work history
education:
    academic background, academic credentials, academic history, academic qualifications, academics,
    coursework, degrees, education, educational background, educational qualifications,
    qualifications and education, schooling, studies
skills:
    abilities, areas of expertise, capabilities, competences, competencies, expertise, language,
    language skills, languages, proficiencies, programming languages, skill, skill highlights, skills,
    skills summary, skillset, specializations, specialties, strengths, tech stack, technical profile,
    technical stack, technical summary, technologies, tools
certifications:
    accreditations, certificate, certificates, certification, certifications, courses, credentials,
    licences, license, licenses, licensure, professional development, qualifications, training,
    trainings
other:
    accomplishments, achievements, activities, additional information, affiliations, associations,
    availability, award, awards, community, community involvement, community service, conferences,
    declaration, declarations, extracurricular activities, extracurriculars, hobbies, honors, honours,
    interests, leadership, links, memberships, miscellaneous, open source, other information, papers,
    patents, personal projects, portfolio, presentations, professional affiliations,
    professional memberships, project, project experience, projects, publications, recognition,
    referees, references, research, scholarships, side projects, talks, teaching, visa status,
    volunteer, volunteer activities, volunteer experience, volunteer work, volunteering,
    work authorization
""")
_JAPANESE: Final = _phrases_by_type("""
contact:
    プロファイル情報, 個人情報, 基本事項, 基本情報, 本人情報, 連絡先
summary:
    キャリアサマリ, キャリアサマリー, キャリア概要, サマリ, サマリー, プロフィール, 概要, 略歴,
    経歴概要, 経歴要約, 職務概要, 職務要約, 職歴要約, 自己PR, 自己アピール, 自己紹介, 自己紹介文, 要約
experience:
    インターン, インターンシップ, キャリア, キャリア詳細, プロジェクト経歴, プロジェクト経験,
    主な職務経歴, 勤務経歴, 学歴および職歴, 学歴及び職歴, 学歴職歴, 実務経験, 業務内容, 業務経歴,
    業務経験, 経歴, 経験, 経験業務, 職務内容, 職務履歴, 職務経歴, 職務経歴詳細, 職務経験, 職務詳細,
    職歴, 開発経験
education:
    学位, 学業, 学歴, 学歴教育, 教育, 教育歴, 最終学歴
skills:
    ITスキル, PCスキル, スキル, スキルセット, テクニカルスキル, ビジネススキル, プログラミング言語,
    使用技術, 保有スキル, 専門スキル, 専門分野, 専門知識, 強み, 得意分野, 得意技術, 技術, 技術スキル,
    技術経験, 技術要素, 活かせるスキル, 活かせる知識経験技術, 活かせる経験知識, 活かせる経験知識スキル,
    活かせる経験知識技術, 生かせる経験知識技術, 経験知識技術, 言語, 語学, 語学スキル, 語学力
certifications:
    保有資格, 保有資格免許, 免許, 免許および資格, 免許及び資格, 免許資格, 取得資格, 受講研修, 研修,
    認定資格, 語学資格, 資格, 資格スキル, 資格免許, 資格検定, 資格認定, 資格語学
other:
    その他, アウトプット, プロジェクト, ボランティア, ポートフォリオ, リンク, 主な実績, 個人開発, 備考,
    参考, 受賞, 受賞歴, 執筆, 実績, 希望条件, 志望動機, 志望理由, 成果, 推薦者, 本人希望,
    本人希望記入欄, 活動, 特技, 特許, 発表, 登壇, 研究, 研究内容, 社外活動, 著書, 表彰, 課外活動, 論文,
    賞罰, 趣味, 趣味特技
""")

_ENGLISH_TYPE: Final = {phrase: kind for kind, phrases in _ENGLISH.items() for phrase in phrases}
_JAPANESE_TYPE: Final = {phrase: kind for kind, phrases in _JAPANESE.items() for phrase in phrases}
# Headings that make a line a section of its own ("Skills: Python, Go"). Most headings do not: within a
# section they are labels ("Relevant courses: ...").
_LABELS: Final = _phrases("""
    certifications, core competencies, core skills, education, key skills, objective, professional summary,
    profile, skills, summary, technical skills, スキル, 保有スキル, 保有資格, 最終学歴, 職務要約, 自己PR, 資格
""")

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# "1. ", "IV. ", "Ⅱ．", "(3) ", "A) "
_NUMBER = re.compile(r"^[(（]?(?:\d{1,2}|[IVXivx]{1,4}|[A-Za-z])[.)．）、]\s*")
_JAPANESE_MARKS = re.compile(r"[\s・/／、,，&＆と\-()（）]")
_PARTS = re.compile(r"\s*(?:\band\b|[&+/|,])\s*")
_HAS_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_SPACED_LETTERS = re.compile(r"^(?:\w ){3,}\w$")


def heading_type(line: str) -> str | None:
    """Return the section type of a line that is a heading, or None for any other line."""
    # Full-width Latin letters, usual in Japanese headings, become ordinary ones.
    text = unicodedata.normalize("NFKC", line).strip()
    text = _EDGES.sub("", _NUMBER.sub("", _EDGES.sub("", text) if not text[:1].isalnum() else text))
    if not text:
        return None
    if _HAS_JAPANESE.search(text):
        # "学　歴", "自己 PR", "資格・免許", or a heading with its translation: "職務経歴 / Work Experience".
        squeezed = _JAPANESE_MARKS.sub("", text)
        return _JAPANESE_TYPE.get(squeezed) or _bilingual_type(text)
    return _english_type(text)


def is_ambiguous(line: str) -> bool:
    """Return True if a heading is also a usual entry of lists and tables."""
    text = unicodedata.normalize("NFKC", line).strip()
    return text.lower() in AMBIGUOUS and not text.isupper()


def label_type(head: str) -> str | None:
    """Return the section type named before a colon, or None if such a line is not a section of its own."""
    text = unicodedata.normalize("NFKC", head).strip()
    return heading_type(text) if text.lower() in _LABELS or text in _LABELS else None


def _bilingual_type(text: str) -> str | None:
    japanese = re.sub(r"[A-Za-z /|()&,\-]+$", "", text)
    if japanese == text or not (kind := _JAPANESE_TYPE.get(_JAPANESE_MARKS.sub("", japanese))):
        return None
    return kind


def _english_type(text: str) -> str | None:
    if _SPACED_LETTERS.match(text):
        text = text.replace(" ", "")
    phrase = re.sub(r"[’']", "", text.lower())
    if kind := _phrase_type(phrase):
        return kind
    kinds = [_phrase_type(part) for part in _PARTS.split(phrase) if part]
    if len(kinds) < 2 or (kinds[0] is None and kinds[-1] is None):
        return None
    # "Leadership & Volunteering": every part must be a heading or a qualifier of one.
    parts = [part for part in _PARTS.split(phrase) if part]
    if all(kind or part in _QUALIFIERS for kind, part in zip(kinds, parts, strict=True)):
        return next(kind for kind in kinds if kind)
    return None


def _phrase_type(phrase: str) -> str | None:
    phrase = re.sub(r"[^\w ]+", " ", phrase)
    words = phrase.split()
    phrase = " ".join(words)
    if kind := _ENGLISH_TYPE.get(phrase):
        return kind
    # A job title may end in a heading ("Head of Education"), so at most three qualifiers may surround it.
    core = [word for word in words if word not in _QUALIFIERS]
    if 0 < len(core) <= 3 and len(words) - len(core) <= 3:
        return _ENGLISH_TYPE.get(" ".join(core))
    if not core and 1 < len(words) <= 3:
        # "Professional Summary", "Career Overview", "Academic Background", "Work History"
        return _ENGLISH_TYPE.get(words[-1]) or _ENGLISH_TYPE.get(" ".join(words[-2:]))
    return None
