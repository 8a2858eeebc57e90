"""English headings: usual phrases, the words around them, and usual last words behind unknown ones."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from contracts.headings.heading import Heading, join_kinds, phrases_by_kind, split_phrases

# Words that may surround a heading without changing its kind.
_QUALIFIERS: Final = split_phrases("""
    academic, additional, administrative, advanced, advisory, analytical, applied, background, bar,
    board, business, career, clinical, commercial, community, computer, consulting, contd, continued,
    core, corporate, creative, current, desktop, details, digital, earlier, early, editorial,
    educational, employment, engineering, entrepreneurial, executive, external, featured, field, film,
    finance, financial, formal, former, freelance, full, functional, further, general, global,
    government, graduate, hard, highlights, history, hospitality, industrial, industry, information,
    internal, international, interpersonal, invited, it, key, lab, laboratory, latest, leadership,
    legal, main, major, management, managerial, marketing, media, medical, military, my, national,
    nonprofit, notable, nursing, of, operational, organizational, other, overseas, overview, past,
    personal, political, postgraduate, practical, present, previous, primary, prior, production,
    professional, programming, project, recent, related, relevant, research, retail, sales, scholarly,
    scientific, select, selected, service, significant, soft, software, special, specialised,
    specialized, student, studio, summary, supervisory, teaching, tech, technical, the, theater,
    theatre, top, transferable, undergraduate, university, voluntary, volunteer, work, working
""")
# Phrases that are also usual entries of lists and tables. They need more evidence.
_AMBIGUOUS: Final = split_phrases("""
    abilities, achievements, activities, assignments, awards, career, clearance, coaching,
    coding skills, committees, community, community engagement, computer literacy, conferences,
    consulting, contact, contacts, courses, dissertation, employers, engagements, entrepreneurship,
    fellowship, foreign languages, freelance, hackathons, information, internship, introduction,
    inventions, jobs, keynotes, language, languages, leadership, leadership skills, lectures, links,
    mentoring, mentorship, military, open source, organizations, outreach, papers, placements,
    portfolio, positions, posters, presentations, press, profiles, programming languages, project,
    project details, public speaking, recognition, research, residency, roles, rotations, schools,
    seminars, service, shows, social, social media, software, statement, strengths, studies, synopsis,
    talks, teaching, technical, technologies, technology, theses, thesis, tools, training, visa,
    volunteer, websites, work, workshops, writing
""")
_PHRASES: Final = phrases_by_kind("""
contact:
    bio data, biodata, contact, contact details, contact info, contact information, contact me,
    contacts, get in touch, personal data, personal details, personal dossier, personal info,
    personal information, personal particulars
summary:
    about, about me, at a glance, bio, biography, career aim, career goal, career objective,
    career objectives, career profile, career synopsis, executive profile, executive summary,
    executive synopsis, highlights, introduction, job objective, objective, objectives, overview,
    personal profile, personal statement, professional synopsis, profile, profile summary,
    profile synopsis, qualifications profile, qualifications summary, statement, summary,
    summary of experience, summary of qualifications, summary of skills, synopsis, value proposition,
    what i do, who am i, who i am
experience:
    appointments, assignments, career, career details, career highlights, career history,
    career progression, career summary, clerkships, clinical rotations, consulting,
    consulting engagements, employers, employment, employment details, employment history,
    employment record, engagements, entrepreneurship, experience, experiences, externships, freelance,
    freelance work, internship, internship experience, internships, job experience, job history, jobs,
    military, military experience, military service, placements, positions, positions held, practicum,
    practicum experience, professional background, professional details, professional history,
    research experience, residency, roles, rotations, service record, startup experience,
    teaching experience, work, work background, work details, work history, work placements
education:
    academic background, academic credentials, academic details, academic history, academic profile,
    academic qualification, academic qualifications, academic record, academics, coursework, degrees,
    education, education and training, educational background, educational details,
    educational qualification, educational qualifications, qualifications and education,
    scholastic details, scholastic record, schooling, schools, studies, study abroad,
    training and education
skills:
    abilities, area of expertise, areas of expertise, areas of knowledge, areas of specialization,
    capabilities, coding skills, competences, competencies, computer literacy, computer proficiency,
    expertise, foreign languages, it skills, language, language proficiency, language skills, languages,
    languages spoken, leadership skills, mother tongue, personal attributes, personal qualities,
    proficiencies, programming languages, skill, skill highlights, skill set, skill sets, skills,
    skills and tools, skills profile, skills summary, skillset, skillsets, software, specialities,
    specializations, specialties, spoken languages, strengths, tech stack, technical,
    technical proficiency, technical profile, technical stack, technical summary, technologies,
    technology, technology skills, toolbox, tools
certifications:
    accreditations, bar admission, bar admissions, certificate, certificates, certification,
    certifications, clearance, continuing education, courses, credentials, driving licence,
    driving license, licence, licences, license, licenses, licensure, licensures, online courses,
    professional development, professional education, professional training, qualification,
    qualifications, registrations, security clearance, seminars, training, trainings, workshops
projects:
    hackathons, open source, open source contributions, open source projects, personal projects,
    project, project details, project experience, project history, project work, projects, side projects
activities:
    activities, co curricular activities, extra curricular activities, extracurricular,
    extracurricular activities, extracurricular activity, extracurriculars, involvement, leadership,
    leadership activities, mentoring, mentorship, organizations, positions of responsibility,
    social activities, student organizations
volunteering:
    charity work, civic engagement, community, community engagement, community involvement,
    community outreach, community service, outreach, pro bono work, voluntary activities,
    voluntary experience, voluntary work, volunteer, volunteer activities, volunteer experience,
    volunteer history, volunteer service, volunteer work, volunteering
other:
    accomplishments, achievements, additional details, additional info, additional information,
    affiliations, appearances, areas of interest, articles, associations, availability, award, awards,
    bibliography, board memberships, book chapters, books, citizenship, coaching, committee work,
    committees, conference papers, conference presentations, conferences, conferences attended,
    declaration, declarations, dissertation, distinctions, exhibitions, fellowship, fellowships,
    field of interest, fields of interest, find me online, grants, guest lectures, hobbies, honors,
    honours, information, interests, inventions, journal articles, keynotes, lectures, links,
    media coverage, memberships, miscellaneous, nationality, online presence, online profiles, other,
    other information, other relevant information, others, papers, patents, performances,
    personal interests, portfolio, posters, presentations, press, prizes, profiles, public speaking,
    publications, recognition, recognitions, recommendations, referees, references,
    references available upon request, research, research interests, salary expectations, scholarships,
    screenings, service, shows, social, social links, social media, speaking, speaking engagements,
    speaking events, talks, teaching, teaching interests, testimonials, theses, thesis, visa,
    visa status, websites, work authorisation, work authorization, work permit, work samples, writing
""")
# Last words that make a heading of unknown words before them: "Barista Experience", "Alumni Awards".
_LAST_WORDS: Final = phrases_by_kind("""
experience:
    experience, experiences, internships
skills:
    competencies, skills
certifications:
    certificates, certifications, licences, licenses
other:
    affiliations, appearances, awards, distinctions, exhibitions, fellowships, grants, honors, honours,
    interests, lectures, memberships, patents, performances, presentations, prizes, publications,
    references, scholarships, talks
""")
# Words directly before the last word that name a field of work instead ("Customer Experience").
_FIELDS: Final = split_phrases("""
    attendee, brand, buyer, candidate, citizen, client, customer, developer, driver, employee, fan,
    guest, learner, member, passenger, patient, player, shopper, user, ux, visitor, web
""")
_WORDS_OF_SENTENCES: Final = split_phrases("""
    a, an, as, at, by, develop, excellent, extensive, for, from, gained, good, great, hands, has, have,
    improved, in, less, more, no, of, on, our, proven, some, strong, that, their, to, using, with, year,
    years, your
""")
# Headings that make a line a section of its own ("Skills: Python, Go"). Most headings do not: within a
# section they are labels ("Relevant courses: ...").
LABELS: Final = split_phrases("""
    certifications, core competencies, core skills, education, key skills, objective,
    professional summary, profile, skills, summary, technical skills
""")

_PARTS = re.compile(r"\s*(?:\band\b|\bund\b|[&+/|,])\s*")
_OTHER_SIGNS = re.compile(r"[^\w ]+")
_SPACES = re.compile(r"\s{2,}|\t")
# "E D U C AT I O N": kerning joins some letters. Longer runs of letters are words.
_LONGEST_RUN: Final = 3
_SINGLE_LETTERS: Final = 0.6
_FEWEST_RUNS: Final = 4
# A job title may end in a heading ("Head of Education"), so few other words may surround it.
_MAX_WORDS: Final = 3


def read(text: str) -> Heading | None:
    """Return the heading of a text without ornaments and numbering, or None."""
    for phrase in _spellings(text):
        if heading := _read_phrase(re.sub(r"[’']", "", phrase.lower())):
            # A line in lower case may be the last word of a wrapped sentence.
            is_certain = text.isupper() or (heading.is_certain and not text.islower())
            return heading._replace(is_certain=is_certain)
    return None


def _spellings(text: str) -> Iterator[str]:
    """Yield a text, or the words of letters that are spaced apart."""
    runs = text.split()
    singles = sum(len(run) == 1 for run in runs)
    is_spaced = len(runs) >= _FEWEST_RUNS and singles >= _SINGLE_LETTERS * len(runs)
    if not is_spaced or max(map(len, runs)) > _LONGEST_RUN:
        yield text
        return
    yield " ".join("".join(word.split()) for word in _SPACES.split(text))
    # Without wider spaces between the words, known words tell where one ends.
    parts = _PARTS.split("".join(runs).lower())
    if all(words := [_find_words(part) for part in parts]):
        yield " and ".join(words)


@lru_cache(maxsize=64)
def _find_words(letters: str) -> str:
    """Return known words that make up `letters`, with spaces between them, or ""."""
    if letters in _KNOWN_WORDS:
        return letters
    for end in range(len(letters) - 1, 0, -1):
        if letters[:end] in _KNOWN_WORDS and (rest := _find_words(letters[end:])):
            return f"{letters[:end]} {rest}"
    return ""


def _read_phrase(phrase: str) -> Heading | None:
    if heading := _read_words(phrase):
        return heading
    parts = [part for part in _PARTS.split(phrase) if part]
    if len(parts) < 2:
        return _read_last_word(_words(phrase))
    read_parts = [_read_words(part) or _read_last_word(_words(part)) for part in parts]
    if read_parts[0] is None and read_parts[-1] is None:
        return None
    # "Leadership & Volunteering": every part must be a heading or a qualifier of one.
    if all(heading or part in _QUALIFIERS for heading, part in zip(read_parts, parts, strict=True)):
        found = [heading for heading in read_parts if heading]
        return join_kinds([each.kind for each in found], is_certain=any(each.is_certain for each in found))
    return None


def _words(phrase: str) -> list[str]:
    return _OTHER_SIGNS.sub(" ", phrase).split()


def _read_words(text: str) -> Heading | None:
    words = _words(text)
    phrase = " ".join(words)
    if phrase in _PHRASES:
        return _heading(phrase)
    core = _core(words)
    if core in _PHRASES:
        return _heading(core)
    # "Publication" and "Selected Award" are also entries of lists.
    plural = f"{core}s"
    if plural in _PHRASES and plural not in _AMBIGUOUS:
        return _heading(plural)._replace(is_certain=False)
    return None


def _heading(phrase: str) -> Heading:
    kind = _PHRASES[phrase]
    return Heading(kind, (kind,), phrase not in _AMBIGUOUS)


def _core(words: list[str]) -> str:
    """Return the words of a phrase without those that only qualify it ("Relevant Work Experience"), or ""."""
    core = [word for word in words if word not in _QUALIFIERS]
    if 0 < len(core) <= _MAX_WORDS and len(words) - len(core) <= _MAX_WORDS:
        return " ".join(core)
    if not core and 1 < len(words) <= _MAX_WORDS:
        # "Career Overview" and "Work History" consist of qualifiers. The longest known ending counts.
        return next((end for at in range(1, len(words)) if (end := " ".join(words[at:])) in _PHRASES), "")
    return ""


def _read_last_word(words: list[str]) -> Heading | None:
    if not words:
        return None
    kind, before = _LAST_WORDS.get(words[-1]), words[:-1]
    if not kind or not 0 < len(before) < _MAX_WORDS or not all(map(str.isalpha, before)):
        return None
    if before[-1] in _FIELDS or not _WORDS_OF_SENTENCES.isdisjoint(before):
        return None
    return Heading(kind, (kind,), is_certain=False)


_KNOWN_WORDS: Final = _QUALIFIERS | {word for phrase in _PHRASES for word in phrase.split()} | {"and"}
