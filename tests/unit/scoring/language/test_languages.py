"""Resumes in languages that the rules do not read, and English ones of people from elsewhere."""

import pytest
from scoring.language.detection import is_foreign, is_japanese

from tests.unit.scoring.personas import RUBRIC, STRONG, criterion, pdf, report

_NEED_NO_WORDS = {
    "ats.parse_survival",
    "ats.contact",
    "ats.columns",
    "ats.images_glyphs",
    "ats.file",
    "formatting.fonts",
    "formatting.margins",
    "formatting.images",
    "formatting.minimum_size",
}
RESUMES = {
    "German": """Anna Schmidt
anna.schmidt@example.de | +49 30 901820

Berufserfahrung

Projektleiterin, Muster GmbH, Berlin | 03/2019 – heute
- Leitung eines Teams von 8 Mitarbeitenden
- Einführung von SAP S/4HANA, Senkung der Kosten um 12 %
- Verantwortlich für Budgetplanung und Controlling

Junior Beraterin, Beispiel AG | 01/2015 – 02/2019
- Analyse von Geschäftsprozessen
- Erstellung von Präsentationen

Ausbildung
M.Sc. Betriebswirtschaft, Universität Mannheim, 2014

Kenntnisse
SAP, Excel, Power BI

Sprachen
Deutsch (Muttersprache), Englisch (fließend)
""",
    "French": """Claire Martin
claire.martin@example.fr

Expériences professionnelles

Chef de projet, Exemple SA, Lyon | mars 2019 – présent
- Pilotage d'une équipe de 8 personnes
- Réduction des coûts de 12 %
Formation
Master en gestion, Université de Lyon, 2014
Compétences
Excel, SAP
Langues
Français, Anglais
""",
    "Spanish": """Lucía Gómez
lucia@example.es
Experiencia laboral
Jefa de proyecto, Ejemplo SA, Madrid | marzo 2019 - actualidad
- Dirección de un equipo de 8 personas
- Reducción de costes del 12 %
Educación
Grado en Economía, Universidad de Madrid, 2014
Habilidades
Excel, SAP
Idiomas
Español, Inglés
""",
    "Portuguese": """João Silva
joao@example.com
Experiência profissional
Gerente de projetos, Exemplo SA, Lisboa | março 2019 - presente
- Gestão de uma equipe de 8 pessoas
- Redução de custos em 12%
Formação
Licenciatura em Economia, Universidade de Lisboa, 2014
Competências
Excel, SAP
""",
    "Italian": """Marco Rossi
marco@example.it
Esperienza lavorativa
Responsabile di progetto, Esempio SpA, Milano | marzo 2019 - oggi
- Coordinamento di un team di 8 persone
- Riduzione dei costi del 12%
Istruzione e formazione
Laurea in Economia, Università di Milano, 2014
Competenze
Excel, SAP
""",
    "Dutch": """Sanne de Vries
sanne@example.nl
Werkervaring
Projectleider, Voorbeeld BV, Utrecht | maart 2019 - heden
- Leiding geven aan een team van 8 medewerkers
- Kosten verlaagd met 12%
Opleiding
MSc Bedrijfskunde, Universiteit Utrecht, 2014
Vaardigheden
Excel, SAP
""",
    "Polish": """Anna Kowalska
anna@example.pl
Doświadczenie zawodowe
Kierownik projektu, Przykład S.A., Warszawa | 03.2019 - obecnie
- Zarządzanie zespołem 8 osób
- Obniżenie kosztów o 12%
Wykształcenie
Magister ekonomii, Uniwersytet Warszawski, 2014
Umiejętności
Excel, SAP
""",
    "Chinese": """张伟
zhang@example.cn
工作经历
软件工程师 Example 有限公司 2019年4月 - 2022年3月
- 负责开发支付系统 Spring Boot Kubernetes MySQL Redis Docker
- 管理8人团队，成本降低12%
教育背景
清华大学 计算机科学 2014
技能
Java Python Kubernetes Docker Terraform PostgreSQL
""",
    "Korean": """김민수
kim@example.kr
경력
소프트웨어 엔지니어 2019 - 2022
- 결제 시스템을 개발하여 비용을 30% 절감
학력
서울대학교 컴퓨터공학 2014
기술
Java, Python
""",
    "Arabic": """أحمد علي
ahmed@example.com
الخبرة العملية
مدير مشروع، شركة المثال، القاهرة 2019 - 2022
- إدارة فريق من 8 أشخاص
التعليم
بكالوريوس اقتصاد، جامعة القاهرة 2014
المهارات
Excel, SAP
""",
    "Hebrew": """דנה כהן
dana@example.co.il
ניסיון תעסוקתי
מנהלת פרויקט, חברה לדוגמה 2019 - 2022
- ניהול צוות של 8 עובדים
השכלה
תואר ראשון בכלכלה 2014
""",
    "Russian": """Анна Иванова
anna@example.ru
Опыт работы
Руководитель проекта, ООО Пример, Москва | март 2019 - настоящее время
- Руководство командой из 8 человек
- Снижение затрат на 12%
Образование
МГУ, экономика, 2014
Навыки
Excel, SAP
""",
}
ENGLISH = {
    "of a Colombian": """José García López
São Paulo, Brasil | jose@example.com

EXPERIENCE
Project Manager, Banco de los Andes, Bogotá | Mar 2019 - Present
- Led a team of 8 and cut costs by 12%
- Migrated the payments of Universidad de la Sabana to SAP

EDUCATION
Licenciatura en Economía, Universidad de los Andes, 2014
École des Mines de Paris, 2012

SKILLS
SQL, Excel
LANGUAGES
Español, English, Français, Deutsch
""",
    "short": """Ana

Experience
Clerk, Acme, 2019 - 2021
- Sorted mail

Education
BSc, Leeds
""",
    "of a German": """Jürgen Müller
Köln, Germany

PROFESSIONAL EXPERIENCE
Head of Controlling, Müller & Söhne GmbH, Köln | Jan 2015 - Present
- Introduced a reporting tool for 12 offices
- Managed budgets of EUR 4m

EDUCATION
Diplom-Kaufmann, Universität zu Köln
Abitur, Städtisches Gymnasium Köln

SKILLS
SAP, DATEV
""",
}


@pytest.mark.parametrize("language", RESUMES)
def test_only_what_needs_no_words_is_scored_in_another_language(language: str) -> None:
    text = RESUMES[language]
    result = report(text, signals=pdf(text))
    details = result.detailed_scores
    assert {each.id for each in details.criteria if each.points is not None} == _NEED_NO_WORDS
    assert sum("rules read only English and Japanese" in each for each in details.not_assessable) == 1
    assert any("neither English nor Japanese" in notice for notice in details.notices)
    assert details.findings == ()
    feedback = details.structure_analysis.feedback
    assert feedback.missing_sections == ()
    assert details.appeal_analysis.feedback.missing_skills == ()
    assert result.overall_score <= RUBRIC.cap_without_content
    assert "bullet" not in " ".join(details.next_steps)


@pytest.mark.parametrize("text", [*ENGLISH.values(), STRONG])
def test_english_with_foreign_names_stays_english(text: str) -> None:
    result = report(text)
    assert criterion(result, "content.quantified").points is not None
    assert not any("neither English" in notice for notice in result.detailed_scores.notices)


@pytest.mark.parametrize("language", RESUMES)
def test_foreign_lines_do_not_lift_a_weak_resume_above_the_cap(language: str) -> None:
    weak = ENGLISH["short"]
    lifted = report(weak + RESUMES[language] * 3)
    assert lifted.overall_score <= RUBRIC.cap_without_content


_NAMES = (
    "José García Martínez\nMálaga\n{}\nTelefónica, Málaga\nMünchner Rück, München\n{}\nUniversität Köln\n"
)


@pytest.mark.parametrize(
    ("headings", "foreign"),
    [
        (("EMPLOYMENT HISTORY", "CERTIFICATIONS"), False),
        (("Career History", "Academic Details"), False),
        (("Qualifications", "Publications"), False),
        (("SOFTWARE", "CONTACT"), True),
        (("Berufserfahrung", "Ausbildung"), True),
        (("Certifications", "Formación"), True),
        (("Trabajo", "Títulos"), True),
    ],
)
def test_known_headings_make_a_resume_with_foreign_names_english(
    headings: tuple[str, str], foreign: bool
) -> None:
    assert is_foreign(_NAMES.format(*headings)) is foreign


_TOOLS = "AWS\nGCP\nTerraform\nDocker\nGo\nPython\nJava\nLinux\nMySQL\nRedis\nGit"
_WORK = (
    "職務経歴書\n山田太郎\n職務要約\nインフラの設計と構築を担当し、運用の自動化を推進しました。\n使用技術\n"
)


def test_resume_with_one_product_on_each_line_is_japanese() -> None:
    assert is_japanese(f"{_WORK}{_TOOLS}\n")
    assert not is_japanese(f"{STRONG}\n{_WORK}")
    assert not is_japanese(f"{_TOOLS}\n私の名前はテストです\n{_TOOLS}\n")
