"""Tell a resume from other documents that people send: a rirekisho, a cover letter, a list, an invoice."""

import re
from enum import StrEnum
from typing import Final

from scoring.resume.resume import Resume


class DocumentKind(StrEnum):
    """The kind of a document. A resume (職務経歴書) describes work."""

    RESUME = "resume"
    # 履歴書: a form with personal data, a table of schools and employers, and reasons for applying.
    RIREKISHO = "rirekisho"
    COVER_LETTER = "cover_letter"
    OTHER = "not_a_resume"


# The fields of the form, with its variants for students. A work history shows few of them.
_FORM_FIELDS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"履歴書",
        r"氏名",
        r"ふりがな|フリガナ",
        r"生年月日|満\d{1,2}[歳才]",
        r"現住所|連絡先",
        r"写真",
        r"学歴",
        r"職歴",
        r"免許|資格",
        r"志望.{0,2}動機|志望理由|自己PR",
        r"本人希望|通勤時間|扶養家族|配偶者",
        r"入学|卒業",
        r"入社|退社|退職|現在に至る",
    )
)
# A filled form has nearly all of them. Forms without a photograph or reasons lack some.
_FEWEST_FIELDS: Final = 8
# This many list items describe work, so the document is judged as a resume, whatever form surrounds them.
_FEWEST_ITEMS: Final = 4
_RESUME_TITLE = re.compile(r"^[^\w\n]*職務経歴書[^\w\n]*$", re.MULTILINE)
_SALUTATION = re.compile(
    r"^(?:dear\s+\w|to whom it may concern|(?:hello|hi|good (?:morning|day))\s[^\n]{0,40},\s*$|拝啓)"
    r"|担当者?様\s*$",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"^\s*(?:yours\s+(?:sincerely|faithfully|truly)|(?:\w+\s+)?sincerely"
    r"|(?:(?:kind|best|warm|warmest|with|many)\s[^\n]{0,20})?regards|respectfully|best wishes"
    r"|thank you for (?:your|considering))"
    r"|敬具|かしこ\s*$",
    re.MULTILINE,
)
_COVER_LETTER_TITLE = re.compile(
    r"^[^\w\n]*(?:cover letter|letter of motivation|motivation letter|送付状|添え状)[^\w\n]*$"
)
# Titles of documents that somebody attaches by mistake, alone on one of the first lines.
_OTHER_TITLE = re.compile(
    r"^[^\w]*(?:(?:tax|proforma|commercial|academic|official|unofficial|sales|student)\s+)?"
    r"(?:invoice|receipt|purchase order|quotation|delivery note|bank statement|statement of account|payslip"
    r"|transcript|transcript of records|report card|meeting minutes|minutes of (?:the )?meeting|agenda"
    r"|job description|請求書|領収書|見積書|納品書|注文書|成績証明書|卒業証明書|在職証明書|給与明細書?"
    r"|議事録|契約書|求人票)(?:\s*(?:no\b|nr\b|number\b|of\b|#|:).{0,40})?[^\w]*$"
)
_TITLE_LINES: Final = 8
_SPACES = re.compile(r"[^\S\n]+")


def find_document_kind(resume: Resume) -> DocumentKind:
    """Return the kind of a document. In doubt, or in a language that is not read, it is a resume."""
    if resume.is_foreign:
        return DocumentKind.RESUME
    if resume.is_japanese and _is_rirekisho(resume):
        return DocumentKind.RIREKISHO
    titled = resume.headings
    if "experience" not in titled:
        top = [resume.folded[line.start : line.end] for line in resume.lines[:_TITLE_LINES]]
        if any(_OTHER_TITLE.match(line) for line in top):
            return DocumentKind.OTHER
        if "education" not in titled and _is_letter(resume, top):
            return DocumentKind.COVER_LETTER
    if resume.has_experience or resume.has_education:
        return DocumentKind.RESUME
    described = sum(bullet.opening.strength != "none" for bullet in resume.bullets)
    return DocumentKind.RESUME if described >= _FEWEST_ITEMS else DocumentKind.OTHER


def _is_rirekisho(resume: Resume) -> bool:
    text = _SPACES.sub("", resume.text)
    items = sum(bullet.glyph is not None for bullet in resume.bullets)
    if _RESUME_TITLE.search(text) or items >= _FEWEST_ITEMS:
        return False
    return sum(field.search(text) is not None for field in _FORM_FIELDS) >= _FEWEST_FIELDS


def _is_letter(resume: Resume, top: list[str]) -> bool:
    if any(_COVER_LETTER_TITLE.match(line) for line in top):
        return True
    return bool(_SALUTATION.search(resume.folded) and _CLOSING.search(resume.folded))
