"""Distinguish bullets that say what came of the work from bullets that name an action or a duty."""

import pytest
from scoring.language.text import fold
from scoring.resume.bullet import Bullet, read_bullet
from scoring.resume.resume import Resume
from scoring.resume.work_history import BulletSpan

from tests.unit.scoring.personas import RUBRIC, criterion, report, request


def read(text: str) -> Bullet:
    return read_bullet(text, fold(text), BulletSpan(start=0, end=len(text), glyph="-", entry=0), RUBRIC)


OUTCOMES = [
    "Launched a loyalty card that brought 8,000 new customers in its first six months",
    "Introduced standing orders, ending years of late deliveries",
    "Digitised the archive, now consulted by researchers from a dozen countries",
    "Directed a play that was invited to the Edinburgh festival",
    "Filed 12 patents, nine of which have been granted",
    "Replaced the phone system over one weekend with no interruption to service",
    "Wrote a memoir of the company that became a bestseller",
    "Negotiated a lease 15% below market rent",
    "Staffed a new ward within five weeks, so patients no longer had to be moved elsewhere",
    "Discovered a leak that had cost the city 2 million litres a year",
    "Reorganised the warehouse; mis-picks dropped by 60%",
    "Promoted from assistant to shift leader within eight months",
    "Finalist in the 2022 design awards",
    "Published a study that has been cited 240 times",
    "Exceeded the sales target in eleven of twelve quarters",
    "Bred two roses that are sold across Europe",
    "Found housing for 120 refugee families",
    "Cleared a backlog of 900 applications in ten weeks",
    "Got the bridge open two months before the deadline",
    "Introduced peer review that caught two serious errors before printing",
    "Defended 30 clients, 22 of them acquitted",
    "Mentored an intern who now leads the team",
    "Achieved a 40% open rate on the newsletter",
    "Restored the clock tower; it strikes again after 30 years",
    "Scored in the top 5% of the sales force",
    "Received the mayor's medal for bravery",
    "Increased the share of women in the team to 45%",
    "Simplified the form, and completion rose from 62% to 91%",
    "Redesigned the menu, making the kitchen profitable",
    "Fundraised $30,000 for flood victims",
    "Brought the project back on track after a six-month delay",
    "Reopened the swimming pool, which had been closed for six years",
    "Tripled the number of volunteers",
    "Introduced fixed prices, after which disputes stopped",
    "Rewrote the parser; crashes are down 80%",
    "Automated payroll, leaving staff free for advice",
    "Invented a clamp that is sold in 14 countries",
    "Argued the appeal, which was upheld",
    "Won the contract for three city schools",
    "Built the first hydrogen bus in the country, still running today",
    "Kept all 14 production lines running through the flood",
    "Designed a logo used on 2 million bottles",
    "Rolled out tablets to 300 drivers, saving 40 minutes per tour",
    "Mapped the sewers, which made repairs possible without digging",
    "Negotiated with the union and averted a strike",
    "Led 12 expeditions without injury",
    "Attracted 40 exhibitors to a new trade fair",
    "Took the bakery from loss to profit",
    "Scaled the platform to 5 million users",
    "Delivered the stadium on schedule",
    "Coached three juniors who are now senior developers",
    "Set up a depot in Lyon that cut delivery to southern France to one day",
    "Sued the insurer and recovered the full claim of EUR 75,000",
    "Recruited 30 seasonal pickers, 26 of whom returned the year after",
    "Built a clinic booking system that is in daily use in nine practices",
    "Trained guide dogs, all of which passed certification",
    "Published four papers, one of them the most cited of the year",
    "Led the crew that restored power to 6,000 homes in one night",
    "Sold out the summer festival three years running",
    "Reduced the time to hire from 62 to 31 days",
    "Mapped customer journeys, leading the bank to drop two forms",
    "Tightened controls so that no invoice is paid twice any more",
    "Completed the tunnel four months early",
    "Grew revenue in Benelux to EUR 14M",
    "Kept absenteeism at 3%, half the industry average",
    "Developed an alloy that withstands 1,200 degrees, used in the Ariane programme",
    "Developed recipes that made it onto the menu of all 40 restaurants",
    "Advised farmers on irrigation, raising yields by a tenth",
    "Managed the relocation of 60 staff over a weekend without losing a working day",
    "Carried out a risk assessment that led to the bridge being closed in time",
    "Tested water samples and discovered the contamination that closed the old well",
    "Introduced a safety walk that brought reportable accidents to zero",
    "Organised a conference that has become the largest of its kind in the region",
    "Led the squad that brought the warehouse fire under control in two hours",
    "Processed the refund backlog in three weeks instead of the planned ten",
    "Won second place at the 2022 energy hackathon",
    "Served as acting head for six months and turned the branch profitable",
    "Implemented single sign-on, so nobody has to remember five passwords",
    "Improved the yield of the press line by 6 points",
    "Negotiated bulk prices with mills, which put the firm ahead of two rivals",
    "Decorated the show flat that helped sell all 24 units before completion",
]  # fmt: skip
ACTIONS = [
    "Maintained relationships with local suppliers",
    "Booked travel for four directors",
    "Supervised a kitchen of nine cooks",
    "Prepared the company for the ISO 27001 audit",
    "Reconciled bank accounts weekly",
    "Led a team of inspectors",
    "Responsible for improving processes and increasing sales",
    "Trained staff",
    "Helped with the reduction of waiting lists",
    "Wrote a plan to reduce energy use",
    "Built a service that processes 2 million events a day",
    "Managed the Berlin office, which employed 40 people",
    "Managed budgets from $1M to $5M",
    "Organised the annual awards dinner",
    "Participated in rescue exercises",
    "Earned a diploma in hospitality",
    "Sold insurance products over the phone",
    "Coordinated deliveries between three depots",
    "Implemented SAP in five countries",
    "Designed station signage",
    "Cleaned and restocked the bar",
    "Closed the shop every evening and counted the till",
    "Improved documentation",
    "Wrote documentation so developers can integrate the API",
    "Ensured compliance with safety rules",
    "Operated a crane on building sites, including lifting of steel beams",
    "Received and stored deliveries",
    "Used Excel to track spending",
    "Studied ways of improving yield",
    "Handled cash and card payments",
    "Managed a portfolio of 40 accounts across the Midlands",
    "Led weekly team meetings and tracked action items",
    "Developed mobile applications using Swift and Kotlin",
    "Oversaw a budget of EUR 1.5 million",
    "Wrote articles for the local newspaper that appeared every Friday",
    "Taught yoga to adults",
    "Acted as liaison between sales and production",
    "Built ETL pipelines that load data from 12 sources into Snowflake",
    "Designed posters, flyers and brochures",
    "Delivered presentations to senior management",
    "Scheduled appointments for five doctors",
    "Interpreted for refugees at hearings and in hospitals",
    "Repaired watches from the 19th century to the present",
    "Investigated complaints and reported findings to the ombudsman",
    "Compiled monthly statistics for the ministry",
    "Took minutes and kept records",
    "Tutored students in maths and physics",
    "Reported to the plant manager",
    "Maintained the website and social media channels",
    "Helped customers choose the right product",
    "Supported the sales team in winning new clients",
    "Led a project to improve customer satisfaction",
    "Planned the move to the new office, including the purchase of furniture",
    "Gave talks at three conferences",
    "Played first violin in the orchestra",
    "Administered vaccines to children",
    "Analysed sales data from 2015 to 2019",
    "Sold books and stationery",
    "Brought samples to the laboratory",
    "Met clients to discuss requirements",
    "Assessed applications for asylum",
    "Delivered parcels in the old town by cargo bike",
    "Handled petty cash",
    "Responsible for ordering stationery",
    "Laid cables for a fibre network",
    "Prepared bids for public tenders",
    "Designed brackets and housings in SolidWorks",
    "Checked and approved invoices",
    "Milked 120 cows twice a day",
    "Wrote grant proposals",
    "Assisted the surgeon in operations",
    "Developed and tested recipes",
    "Prepared budgets, forecasts, and sales reports used by management",
    "Advised farmers on irrigation and soil health",
    "Managed suppliers; negotiated prices; placed orders",
    "Carried out risk assessments on construction sites",
    "Tested water samples for heavy metals",
    "Introduced new employees to safety rules",
    "Edited video for the evening news",
    "Managed social media accounts with 20 posts a week",
    "Supported teachers in the classroom",
    "Monitored competitors and market trends",
    "Drafted minutes and resolutions for the board, which met monthly",
    "Trained models to recognise handwriting",
    "Took part in hackathons",
    "Served tables in a restaurant with 80 seats",
    "Prepared samples, and recorded results",
    "Reviewed code and gave feedback to colleagues",
    "In charge of improving quality",
    "Generated leads through cold calls",
]  # fmt: skip
OUTCOMES_JA = [
    "新人研修を見直し、3年以内の離職率を30%から12%に引き下げ",
    "提案した検品手順が全工場で採用された",
    "店舗のVMDを変更し、客単価が1.2倍になった",
    "社長賞を受賞",
    "販促活動により来店客数が15%増",
    "SNS運用を内製化し、年間300万円の外注費を削減",
    "無事故で5年間の配送業務を完遂",
    "個人売上全国1位を獲得",
    "仕入先の集約で原価率を4ポイント低減",
    "テスト自動化により、リリース前の確認が2日から3時間になった",
    "クレームゼロを2年間継続",
    "受注率が向上し、部門目標を110%達成",
    "看護記録の様式を統一し、記録時間を1日40分短縮",
    "論文が国際学会に採択された",
    "新メニューを考案し、看板商品となった",
    "留学生向けの相談窓口を設け、中退者が半減した",
    "応募者数を前年の2倍に増やした",
    "在庫回転率を6回から9回に改善",
    "若手3名が主任に昇格",
    "納期遅延を解消し、主要顧客との契約を更新",
    "入札に成功し、5年契約を獲得",
    "稼働率99.95%を維持",
    "赤字店舗を1年で黒字に転換",
    "月間残業時間を平均45時間から20時間へ削減",
]  # fmt: skip
ACTIONS_JA = [
    "顧客からの問い合わせ対応",
    "販売計画の立案",
    "改善提案を月2件提出",
    "コスト削減の施策を検討",
    "売上拡大に向けた販促活動を実施",
    "業務改善プロジェクトに参加",
    "Javaを用いた勤怠管理システムの開発",
    "取引先20社との折衝",
    "品質向上活動の事務局を運営",
    "増加する問い合わせへの対応",
    "患者10名を受け持ち、日常ケアを実施",
    "国際学会で発表",
    "新メニューを考案",
    "採用面接を年間200件実施",
    "部下5名のマネジメント",
    "サーバー120台の運用・保守",
    "障害発生時の原因調査と復旧",
    "契約書の審査および締結手続き",
    "損益管理および予実分析",
    "予算5億円の管理",
]  # fmt: skip


@pytest.mark.parametrize("text", OUTCOMES + OUTCOMES_JA)
def test_outcome_is_a_result(text: str) -> None:
    assert read(text).is_result


@pytest.mark.parametrize("text", ACTIONS + ACTIONS_JA)
def test_action_or_duty_is_not_a_result(text: str) -> None:
    assert not read(text).is_result


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rewrote the parser, which ended the outages; wrote docs", "ended the outages"),
        ("Planned routes for 45 vans and lowered fuel use by 11%", "by 11%"),
        ("Sold 62 homes", "sold 62 homes"),
    ],
)
def test_outcome_words_are_those_that_state_it(text: str, words: str) -> None:
    assert read(text).outcome_words == words


HEAD = "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"
LINES = ["Led workshops for clients", "Wrote manuals for clerks", "Ran a stall at a fair", "Painted scenery"]


def with_ending(ending: str, *lines: str) -> str:
    return HEAD + "".join(f"- {line}{ending}\n" for line in lines)


def test_outcome_copied_into_every_bullet_counts_for_none() -> None:
    copied = Resume.of(request(with_ending(", saving 20% of the costs", *LINES)), rubric=RUBRIC)
    assert not any(bullet.is_result or bullet.is_quantified for bullet in copied.bullets)
    twice = Resume.of(request(with_ending(", saving 20% of the costs", *LINES[:2])), rubric=RUBRIC)
    assert all(bullet.is_result and bullet.is_quantified for bullet in twice.bullets)


def test_japanese_outcome_copied_into_every_bullet_counts_for_none() -> None:
    lines = ["展示会を企画し", "手順書を作成し", "窓口を設置し"]
    text = "職務経歴\n株式会社アオゾラ　2020年1月～現在\n" + "".join(
        f"・{line}、その結果として大きな成功に貢献\n" for line in lines
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert [bullet.is_result for bullet in resume.bullets] == [False] * 3


def test_equal_short_amounts_are_no_copies() -> None:
    lines = ["Cut the costs by 20%", "Trimmed the menu by 20%", "Streamlined intake by 20%"]
    resume = Resume.of(request(with_ending("", *lines)), rubric=RUBRIC)
    assert all(bullet.is_result and bullet.is_quantified for bullet in resume.bullets)


@pytest.mark.parametrize(
    "text", [with_ending("", "Managed 12 engineers", "Led a crew of 60"), with_ending("", *LINES)]
)
def test_points_for_results_never_stand_beside_none(text: str) -> None:
    results = criterion(report(text), "content.results")
    assert bool(results.points) == (results.reason != "No bullet states what came of the work.")
    assert bool(results.points) == bool(results.evidence)
