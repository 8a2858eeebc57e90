"""The content of hidden text: the bullets of the same person's strong resume and every term of the industry.

No other hidden text could raise the score more.
"""

from tools.evaluation.measurement import rubric
from tools.evaluation.resumes import Resume, people


def keywords(resume: Resume) -> list[str]:
    """Return every term of the industry's skill groups in the language of the resume."""
    data = rubric()
    groups = data.industries[resume.industry].skills or data.skills
    terms = [term.lstrip("=") for group in groups for term in data.skills[group].terms]
    return [term for term in terms if term.isascii() == (resume.language == "en")]


def payload(resume: Resume) -> list[str]:
    """Return the lines that a trick hides."""
    strong = next(each for each in people() if each.key[:2] == resume.key[:2]).levels["strong"]
    head = strong.parts[1].heading
    lines = [head, strong.positions[0].head, *(f"• {bullet.text}" for bullet in strong.bullets)]
    terms = keywords(resume)
    return [*lines, *(", ".join(terms[at : at + 12]) for at in range(0, len(terms), 12))]
