"""Check kinds of outcomes, each beside a bullet of the same words that states none."""

from itertools import product

import pytest
from scoring.language.text import fold
from scoring.resume.bullet import read_bullet
from scoring.resume.work_history import BulletSpan

from tests.unit.scoring.personas import RUBRIC


def states_outcome(text: str) -> bool:
    place = BulletSpan(start=0, end=len(text), glyph="-", entry=0)
    return read_bullet(text, fold(text), place, RUBRIC).is_result


# Of each kind: bullets with an outcome, and bullets that look alike.
KINDS = {
    "one event, unlike a routine": (
        [
            "Obtained an export licence", "Overturned a parking fine", "Solved a theft of copper",
            "Foiled a burglary",
        ],
        [
            "Obtained signatures", "Overturned soil in flower beds", "Solved customer problems",
            "Resolved a variety of issues",
        ],
    ),
    "an aim that was reached, unlike an aim": (
        ["Met every filing deadline", "Hit all quarterly targets", "Ensured that no filing was late"],
        ["Set quarterly targets", "Worked towards deadlines", "Ensured that filings were complete"],
    ),
    "in time": (
        [
            "Delivered the ferry terminal on time", "Opened the ward within budget",
            "Vaccinated a village in four days",
        ],
        ["Ensured projects stay within budget", "Logged working time", "Answered e-mails within 24 hours"],
    ),
    "a level, unlike a load": (
        [
            "Pushed punctuality to 97%", "Got page loads under 200 ms", "Held waste at 3%",
            "Sorted mail at an error rate below 1%",
        ],
        [
            "Drove to 14 depots", "Took calls from 40 clients", "Held 3 workshops",
            "Sorted 900 letters a day",
        ],
    ),
    "a share, unlike a scale": (
        [
            "Won 8 of 11 hearings", "Steered 9 of 10 trainees through the exam",
            "Settled 70% of claims by phone",
        ],
        ["Managed 8 of 11 districts", "Taught 9 of 10 modules", "Spent 70% of working hours on the road"],
    ),
    "nothing went wrong": (
        [
            "Ran the ferry line with no cancellations", "Moved the archive without damaging a page",
            "Lost no pallet in a year",
        ],
        ["Worked without supervision", "Programs with no budget", "Travelled without a car to save fuel"],
    ),
    "taken up by others": (
        [
            "Wrote a style sheet that was later copied", "Filmed a short screened at Locarno",
            "Proposed a tax that parliament adopted",
        ],
        [
            "Wrote a style sheet that defines colours", "Filmed weddings",
            "Prepared proposals for parliament",
        ],
    ),
    "firsts": (
        [
            "Opened the valley's first hospice", "Landed the bank's largest mandate to date",
            "Became the youngest foreman",
        ],
        ["Served as the first point of contact", "Trained in first aid", "Became a member of the choir"],
    ),
    "decided by others about the person": (
        [
            "Chosen from 90 applicants", "Elected chair by the staff", "Appointed to the audit board",
            "Employee of the month",
        ],
        ["Chose fabrics", "Organised elections of the staff", "Appointed members at the end of the month"],
    ),
    "a clause with another subject": (
        ["Planted a hedge; the noise dropped", "Gave out earplugs, and the headaches ceased"],
        ["Planted hedges; watered lawns", "Gave out earplugs, masks and gloves"],
    ),
    "so, unlike so that one can": (
        ["Moved the till so customers queue inside", "Rewired the shed so that fuses no longer blow"],
        [
            "Mopped floors, so they shine", "Sorted mail, so it is neat",
            "Moved the till so that customers could pay", "Labelled fuses so electricians can find them"],
    ),
    "an event after that": (
        [
            "Built a raft that beat the ferry", "Ran a stall that won over regulars",
            "Led the search that found the wreck",
        ],
        [
            "Built a script that tracked orders", "Ran a stall that sold fruit",
            "Led the team that maintained the wreck",
        ],
    ),
    "shared work": (
        [
            "Was part of the crew that won the regatta", "Helped two trainees pass",
            "Assisted in a trial that saved EUR 2M",
        ],
        ["Was part of the crew", "Helped two trainees prepare", "Assisted in a trial that tested vaccines"],
    ),
    "praise without an object": (
        ["Exceeded expectations for 2021 sales by 8%"],
        [
            "Exceeded expectations", "Achieved outstanding results", "Delivered tangible value",
            "Winning attitude", "Results-driven leader",
        ],
    ),
    "now in use, unlike now": (
        [
            "Carved a gate, now used in the town hall", "Wrote a guide that each clinic now follows",
            "Founded a choir, now the largest choir of the valley", "Trained a cook who now runs a hotel",
        ],
        [
            "Now working on the billing system", "Now manage the Paris office", "Swept the hall, now tidy",
            "Fed the cats, now calm", "Ran a stall and now manage the shop", "Enough for now",
            "Stacked chairs, where they sit", "Wrote reports, where they were needed",
            "Washed cars that are now parked in the yard", "Drove a van that now has 3 seats",
        ],
    ),
    "a choice among many, unlike an invitation": (
        [
            "Selected from 60 applicants", "Invited to speak at the congress",
            "Picked as one of 4 of 90 entrants", "Named best apprentice",
        ],
        [
            "Published in the parish newsletter in 2 languages",
            "Was selected for jury duty", "Invited to weekly meetings", "Published in English and German",
            "Named files and folders", "Voted in elections",
            "Top 3 responsibilities: billing, payroll, audits",
        ],
    ),
    "one thing in time, unlike a routine": (
        [
            "Finished the bridge on time", "Shipped 40 pumps on time", "Held scrap at 2%",
            "Started a fair that is in its sixth year",
        ],
        [
            "Delivered parcels on time", "Delivered the letters on time", "Held weekly meetings at 9",
            "Held workshops over 3 days", "Attended a course in its third year", "Worked in a weekend team",
            "Despite the title, did mostly admin work", "Rated 5 films a week",
        ],
    ),
    "a thing that was finished in time, unlike an errand": (
        [
            "Delivered the order management system on time", "Delivered every order on time",
            "Delivered 40 orders on time", "Completed the reporting tool on time",
            "Completed a task ahead of schedule", "Delivered the annex within budget",
        ],
        [
            "Delivered an order on time", "Delivered orders on schedule", "Delivered a meal within an hour",
            "Submitted a weekly report by the deadline", "Brought the meal to the guests in time",
            "Delivered a parcel safely and on time", "Delivered 120 parcels a day on time",
            "Delivered the newspaper on time every morning", "Completed its paperwork on schedule.",
        ],
    ),
    "what was reached, unlike how it was": (
        ["Searched the depot, and the cargo was recovered", "Made the tower accessible"],
        [
            "Looked after the dogs, and they were happy", "Served tea, and it was good",
            "Made coffee available to guests", "Made comfortable beds", "Fed hens, and they had corn",
        ],
    ),
    "a market or a profit that was reached, unlike a place": (
        ["Forged a lock that is sold in 9 countries", "Moved the dairy from a deficit to a surplus"],
        [
            "Took photos of goods that are sold in shops", "Moved files from the last folder to the first",
            "Kept all records", "Worked twice as a judge", "Collected goods, of which most were books",
        ],
    ),
    "a description of what was studied": (
        ["Studied valves, leading to a patent", "Investigated fires, resulting in two arrests"],
        ["Studied reasons leading to divorce", "Investigated faults resulting in fires"],
    ),
}  # fmt: skip
KINDS_JA = {
    "防ぐ・守る": (["漏電を未然に防いだ", "黒字を守り抜いた"], ["漏電を調査", "規則を守って作業を実施"]),
    "事故や指摘がない": (
        ["監査での指摘事項なし", "遅刻なく2年間勤務", "離職者ゼロで店舗を運営"],
        ["指摘事項を一覧に作成", "事故の報告書を作成"],
    ),
    "初・首位": (
        ["市内初の夜間診療を開始", "営業成績で社内トップ"],
        ["最初の打ち合わせを設定", "トップページを作成", "初心者講座を運営"],
    ),
    "他者の決定": (
        ["作品が雑誌に取り上げられた", "社長賞を受けた", "提案が条例化された"],
        ["雑誌を編集", "受賞者の紹介文を作成", "条例案を作成"],
    ),
    "主語が変わる結果": (
        ["案内板を直し、迷う人が減った", "教室が満員になった", "現在も市役所で使用"],
        ["案内板を設置", "増加する来客への案内", "教室を掃除"],
    ),
    "期限・予算": (
        ["納期どおりに納品", "予算内で完成", "基幹システムを納期どおりに納品"],
        ["納期を管理", "予算案を作成", "注文を納期どおりに納品", "報告書を期限内に完成"],
    ),
    "述べる文と、名詞を説明する文": (
        ["在庫が減った", "棚を直し、破損を減らした", "写真が社内報に掲載された", "用紙の無駄がなくなった"],
        [
            "減った在庫の補充", "上げた荷物の片付け", "下げたままの看板を掃除",
            "コピー用紙がなくなった際の補充", "社内報に掲載された写真の撮影", "お客様に紹介された商品を販売",
        ],
    ),
    "達したことと、目指すこと": (
        ["苦情ゼロを達成", "窓口が使えるようになった"],
        ["苦情ゼロを目指して接客", "上司に評価されるよう努力", "認められるよう努力"],
    ),
    "良い変化と、悪い変化": (
        ["コストが下がった", "売上が増加した", "離職率が低下", "満足度が上がった", "名物となった"],
        ["売上が下がった", "離職者が増えた", "コストが増加した", "満足度が低下した", "部署が変更となった"],
    ),
    "自分を褒める": (
        ["売上を伸ばし成果を上げ、表彰された"],
        ["大きな成果を上げました", "売上拡大に貢献できます", "貢献できる人材です"],
    ),
}  # fmt: skip
PAIRS = [*KINDS.items(), *KINDS_JA.items()]
OUTCOMES = [(kind, text) for kind, (outcomes, _) in PAIRS for text in outcomes]
OTHERS = [(kind, text) for kind, (_, others) in PAIRS for text in others]


@pytest.mark.parametrize(("kind", "text"), OUTCOMES)
def test_outcome_of_this_kind_is_a_result(kind: str, text: str) -> None:
    assert states_outcome(text), kind


@pytest.mark.parametrize(("kind", "text"), OTHERS)
def test_bullet_that_looks_like_this_kind_is_none(kind: str, text: str) -> None:
    assert not states_outcome(text), kind


THINGS = ["the toll system", "a night school", "the canteen"]
ENDINGS = [
    ", which halved the queues", ", saving $40,000 a year", " ahead of schedule", " two weeks early",
    ", now used by 30 towns",
    ", resulting in fewer complaints", "; complaints fell by 12%", " without a single complaint",
    " at half the usual cost",
]  # fmt: skip
AIMS = [
    " to halve the queues", " in order to save costs", " on a schedule", " for 30 towns",
    ", including complaints",
    " and answered complaints", " with the usual staff", ", which serves 30 towns",
    " that tracked visitors",
]  # fmt: skip


@pytest.mark.parametrize(("verb", "thing", "ending"), list(product(["Planned", "Rebuilt"], THINGS, ENDINGS)))
def test_outcome_counts_after_any_action(verb: str, thing: str, ending: str) -> None:
    assert states_outcome(f"{verb} {thing}{ending}")


@pytest.mark.parametrize(("verb", "thing", "ending"), list(product(["Planned", "Rebuilt"], THINGS, AIMS)))
def test_aim_or_description_does_not_count_after_any_action(verb: str, thing: str, ending: str) -> None:
    assert not states_outcome(f"{verb} {thing}{ending}")
