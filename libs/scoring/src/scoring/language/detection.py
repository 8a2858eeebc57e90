"""Detect the language of a text: Japanese, English, or another one, which the rules do not read."""

import re
from collections import Counter
from typing import Final

from contracts.headings import read_heading

from scoring.language.text import count_characters, count_japanese, fold

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿々ｦ-ﾟ]")
_KANA = re.compile(r"[ぁ-ヺ]+")
# A form has next to no kana. Chinese has none of these words.
_JAPANESE_WORDS = re.compile("株式会社|有限会社|入社|退社|退職|職歴|学歴|卒業|志望動機|免許|氏名")
_FEWEST_JAPANESE_WORDS: Final = 3
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN_LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+")
# Two letters of one word. A single one may be a look-alike or a symbol ("µ").
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc]{2}")
# Even a resume written mostly in nouns has one kana for this many Japanese characters.
_CHARACTERS_PER_KANA: Final = 20

# A share of all letters. A Japanese character says more than a Latin letter.
_JAPANESE_LETTERS: Final = 0.4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH_WORDS: Final = _words("""
    the and of to for with by from in on at an that which was into our their across led through using
""")
# German, French, Spanish, Portuguese, Italian, Dutch, Polish, Czech, Swedish, Danish, Norwegian, Hungarian,
# Romanian, Turkish and Indonesian, without single letters and words that are also English ("on", "met").
_OTHER_WORDS: Final = _words("""
    der das dem den des die ein eine einer eines und für mit von vom im zur zum bei als auf aus sowie durch
    nach über bis seit le la les du et en une un pour avec dans sur au aux par de chez ainsi el los las del
    para por una con al como em dos da na ao uma sob pela pelo di il lo gli che della delle dei nel nella
    alla presso het een van voor bij naar aan op te tot door oraz dla przez przy się ze od och att av för med
    på till og til som se és az egy în cu și pentru ve bir ile için yang untuk dengan
""")
# Headings of resumes in these languages. A resume has few sentences, but always headings.
_OTHER_HEADINGS = re.compile(
    r"\b(?:berufserfahrung|berufliche[rn]? werdegang|lebenslauf|ausbildung|bildungsweg|schulbildung"
    r"|kenntnisse|sprachkenntnisse|sprachen|persönliche daten|praktika|weiterbildung|fähigkeiten"
    r"|expériences?|parcours professionnel|formations?|compétences|langues|centres d'intérêt|loisirs|diplômes"
    r"|experiencia|educación|formación|habilidades|competencias|idiomas|perfil|datos personales|estudios"
    r"|experiência|experiências|formação|competências|objetivo|escolaridade|cursos"
    r"|esperienz[ae]|istruzione|formazione|competenze|lingue|profilo|dati personali"
    r"|werkervaring|opleiding(?:en)?|vaardigheden|talen|profiel|persoonlijke gegevens|cursussen"
    r"|doświadczenie|wykształcenie|umiejętności|języki|zainteresowania|edukacja|dane osobowe"
    r"|(?:arbets|arbejds|arbeids)?(?:erfarenhet(?:er)?|erfaring)|erhvervserfaring|utbildning|uddannelse|utdanning"
    r"|kompetenser|kompetencer|kompetanse|språk|sprog|pracovní zkušenosti|vzdělání|dovednosti"
    r"|szakmai tapasztalat|tanulmányok|experiență|educație|deneyim|eğitim|beceriler|pengalaman|pendidikan)\b"
)
_LONGEST_HEADING: Final = 45
_FEWEST_HEADINGS: Final = 2
_ENGLISH_HEADINGS = re.compile(r"\b(?:experience|education|skills|employment|summary)\b")
# A share of all words. In running text such words make up a fifth.
_FOREIGN_WORDS: Final = 0.06
# A share of all words. English text has accents in names only.
_ACCENTED_WORDS: Final = 0.12
_ACCENTED = re.compile("[à-öø-ɏ]")
_PUNCTUATION: Final = ".,;:!?()[]\"'•-"


def is_japanese(text: str) -> bool:
    """Return whether a text is Japanese, even with many Latin product names.

    It must hold kana or words that Chinese lacks. Half of its lines must have Japanese characters, or two
    fifths of its letters must be Japanese, as in a resume with one product on each line.
    """
    characters, kana = count_japanese(text), count_characters(_KANA, text)
    if kana * _CHARACTERS_PER_KANA < max(1, characters):
        words = set(_JAPANESE_WORDS.findall(text))
        if len(words) < _FEWEST_JAPANESE_WORDS:
            return False
    worded = [line for line in _LINE.findall(text) if _LETTERS.search(line)]
    if 2 * sum(1 for line in worded if _JAPANESE.search(line)) >= len(worded):
        return True
    return characters >= _JAPANESE_LETTERS * (characters + count_characters(_LATIN_LETTERS, text))


def is_foreign(text: str) -> bool:
    """Return whether a text that is not Japanese is not English either.

    Such a text is in another script, uses the function words of another language, or has its headings.
    English with names, places and single words of other languages stays English.
    """
    is_ascii = text.isascii()
    if not is_ascii and 2 * count_characters(_LATIN_LETTERS, text) < count_characters(_LETTERS, text):
        return True
    folded = fold(text)
    words = Counter([word.strip(_PUNCTUATION) for word in folded.split()])
    total = sum(words.values())
    english, other = (sum(words[word] for word in small) for small in (_ENGLISH_WORDS, _OTHER_WORDS))
    lines = [] if is_ascii else [line for line in _LINE.findall(text) if _LETTERS.search(line)]
    in_other_script = sum(1 for line in lines if _OTHER_SCRIPT.search(line))
    if 2 * in_other_script > len(lines) and english < _FOREIGN_WORDS * total / 2:
        return True
    if other >= _FOREIGN_WORDS * total and other > 2 * english:
        return True
    if english > other:
        return False
    short = [line for line in _LINE.findall(folded) if len(line) <= _LONGEST_HEADING]
    if sum(1 for line in short if _ENGLISH_HEADINGS.search(line)) >= _FEWEST_HEADINGS:
        return False
    headings = sum(1 for line in short if _OTHER_HEADINGS.search(line))
    # Some English headings are usual in other languages, too ("Certifications").
    if _count_english_headings(text) >= max(_FEWEST_HEADINGS, headings + 1):
        return False
    accented = sum(count for word, count in words.items() if _ACCENTED.search(word))
    return accented >= _ACCENTED_WORDS * total or headings >= _FEWEST_HEADINGS


def _count_english_headings(text: str) -> int:
    # In capitals, words like "SOFTWARE" would count, which are not only English.
    lines = [line.title() for line in _LINE.findall(text) if not _JAPANESE.search(line)]
    return sum(1 for line in lines if (heading := read_heading(line)) and heading.is_certain)
