"""Fictional resumes at three levels of writing, and helpers that score them."""

from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from contracts.document import DocumentSignals, FontUse, Margins, Page
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.report import Criterion, Report
from contracts.vocabulary import Depth, ReviewType
from scoring.report.builder import score
from scoring.rubric import load_rubric

RUBRIC = load_rubric()
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_ID = UUID("11111111-2222-4333-8444-555555555555")
STRONG = """Maya Okafor
maya.okafor@example.com | +44 20 7946 0958

SUMMARY
Strategy and technology manager with 9 years in consulting and product companies. Led digital transformation \
programmes with budgets of up to $12M and builds data platforms that executives use every week.

EXPERIENCE

Senior Manager, Technology Strategy | Northwind Advisory | Apr 2020 - Present
- Led a team of 14 consultants on a digital transformation programme that cut operating costs by 22%
- Developed the go-to-market business case for a cloud platform, winning $12M of board funding in 4 months
- Negotiated with 6 vendors and reduced licence costs by $1.8M a year across three business units
- Built a machine learning demand forecast with Python and SQL, lowering stock by 17% in 40 stores
- Presented market entry analysis to the steering committee, which raised expected revenue by 9%
- Introduced agile delivery across 5 product teams, shortening release cycles from 8 weeks to 2 weeks

Product Manager | Harbour Software | Jan 2017 - Mar 2020
- Launched a subscription product from scratch, growing revenue to $4M within 18 months
- Increased conversion by 31% through 24 A/B tests with the engineering and design teams
- Migrated 120 customers to a microservices architecture on AWS, reducing incidents by 45%
- Managed a product roadmap and a budget of $2.5M, delivering 11 releases on schedule

EDUCATION
BSc in Economics | University of Leeds | 2016

SKILLS
Business strategy, product roadmap, stakeholder management, Python, SQL, AWS, Kubernetes, Tableau

CERTIFICATIONS
PMP (2021)
"""
MEDIUM = """Maya Okafor
maya.okafor@example.com | +44 20 7946 0958

SUMMARY
Manager with experience in technology projects and a background in product management.

EXPERIENCE

Manager | Northwind Advisory | Apr 2020 - Present
- Led digital transformation projects for retail clients
- Managed a team of 14 consultants
- Supported the preparation of business cases for the board
- Worked with vendors on licence contracts
- Developed dashboards and forecasts in Python
- Participated in steering committee meetings

Product Manager | Harbour Software | Jan 2017 - Mar 2020
- Launched a subscription product for small companies
- Ran A/B tests together with the engineering team
- Responsible for the product roadmap and budget
- Improved conversion by 31% on the landing page

EDUCATION
BSc in Economics | University of Leeds | 2016

SKILLS
Product management, Python, SQL, Excel
"""
WEAK = """Maya Okafor
maya.okafor@example.com

Experience
Northwind Advisory, 2020 - 2024
- Responsible for various tasks
- Helped with projects etc
- I was in charge of meetings and my duties included mails
- Worked on reports
- team player and hard-working

Education
University of Leeds
"""
STRONG_JA = """職務経歴書
佐藤 花子
hanako.sato@example.jp / 090-1234-5678

■職務要約
コンサルティングファームと事業会社で計11年、DX戦略の立案とデータ基盤の構築を主導してきました。直近では売上高800億円の企業で\
需要予測の機械学習モデルを導入し、在庫を１８％削減しました。部門横断の業務改革を得意としています。

■職務経歴
株式会社アオゾラコンサルティング　2019年4月～現在
シニアマネージャー
・製造業の事業戦略とDX戦略を策定し、役員会の承認を得て12億円の投資計画を実現
・需要予測の機械学習モデルを導入し、40店舗の在庫を１８％削減
・８名のチームを率い、基幹システムのクラウド移行を予定より2か月早く完了
・営業プロセスの業務改革を推進し、見積作成時間を5日から1日に短縮
・新規事業の市場調査と事業計画を立案し、初年度3億円の受注を獲得
・部門横断の会議体を設計し、15部署の合意形成を3週間で実現

株式会社ミドリ製作所　2015年4月～2019年3月
経営企画部
・中期経営計画を策定し、営業利益率を4％から7％に改善
・予実管理の自動化により、月次の集計工数を60時間削減
・3社の買収候補のデータ分析を実施し、投資判断の提言について経営会議の承認を獲得

■学歴
2015年3月 青空大学 経済学部 卒業

■活かせるスキル
事業戦略、業務改革、データ分析、SQL、Python、プロジェクトマネジメント
"""
WEAK_JA = """職務経歴書
佐藤 花子
hanako.sato@example.jp

職歴
株式会社アオゾラ 2019年～
・様々な業務を担当
・会議の準備など
・資料作成のサポート
・頑張って対応しました
・システムに関する業務を担当
"""


def request(
    text: str,
    *,
    industry: str | None = "strategy_tech",
    depth: Depth = Depth.STANDARD,
    signals: DocumentSignals | None = None,
) -> AnalysisRequested:
    return AnalysisRequested(
        version=1,
        analysis=AnalysisContext(
            analysis_id=_ID,
            resume_id=_ID,
            candidate_id=_ID,
            requested_by=_ID,
            candidate_name="Maya Okafor",
            file_name="resume.pdf",
            industry=industry,
            depth=depth,
            review_type=ReviewType.COMPREHENSIVE,
            requested_at=NOW,
        ),
        text=text,
        signals=signals,
    )


@cache
def report(
    text: str, *, industry: str | None = "strategy_tech", signals: DocumentSignals | None = None
) -> Report:
    """Return the report of a text. It is cached; `report.__wrapped__` scores again."""
    return score(request(text, industry=industry, signals=signals), rubric=RUBRIC, now=NOW)


def criterion(result: Report, name: str) -> Criterion:
    return next(each for each in result.detailed_scores.criteria if each.id == name)


def fit(result: Report) -> float:
    """Return the contribution of the industry fit to the overall score, 0 to 20."""
    return result.detailed_scores.contributions.industry_fit


def pdf(text: str, **changes: object) -> DocumentSignals:
    """Return the signals of a clean PDF of two pages."""
    middle = text.index("\n", len(text) // 2)
    values: dict[str, object] = {
        "reader_version": "1",
        "file_type": "pdf",
        "file_bytes": 60_000,
        "word_count": len(text.split()),
        "page_count": 2,
        "pages": (
            Page(start=0, end=middle, width=595, height=842),
            Page(start=middle, end=len(text), width=595, height=842),
        ),
        "fonts": (
            FontUse(name="ABCDEF+Inter-Regular", size=10.5, characters=len(text)),
            FontUse(name="Inter-Bold", size=14, characters=90),
        ),
        "margins": Margins(left=56, right=50, top=50, bottom=60),
        "parse_survival": 0.99,
        "columns": 1,
        "images": 0,
        "image_area": 0,
        "tables": 0,
        "text_boxes": 0,
        "unmapped_glyphs": 0,
        "hidden_characters": 0,
    }
    return DocumentSignals.model_validate({**values, **changes})


def txt(text: str) -> DocumentSignals:
    """Return the signals of a plain text file."""
    return DocumentSignals(
        reader_version="1", file_type="txt", file_bytes=len(text), word_count=len(text.split())
    )
