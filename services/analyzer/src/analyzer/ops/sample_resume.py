"""The resume of a person who does not exist, of about two pages, to ask a model about."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from contracts.events import AnalysisContext, AnalysisRequested
from contracts.vocabulary import Depth, ReviewType

_NOBODY: Final = UUID(int=0)
_JOBS: Final = {
    "Engagement Manager | Northgate Advisory | Mar 2021 - Present": (
        "Led a team of 14 on the cloud roadmap of a retailer; 118 applications moved, which cut cost by 27%.",
        "Designed the operating model of an IT organisation; lead time for changes fell from 46 days to 12.",
        "Advised the executive committee of an insurance group on a core system and saved USD 6.1 million.",
        "Built a demand forecast in Python and SQL; after the rollout, stock-outs dropped by 19%.",
        "Introduced quarterly planning for 31 product teams, which now deliver 88% of what they commit to.",
        "Responsible for the knowledge base and for onboarding new joiners.",
        "Mentored six analysts, of whom four were promoted within two years.",
        "Presented the results of each phase to the sponsors.",
    ),
    "Senior Consultant | Halden and Pryce | Aug 2017 - Feb 2021": (
        "Managed the integration of two logistics companies and consolidated 23 systems into 9.",
        "Automated the settlement of invoices, which shortened the month-end close from 11 days to 4.",
        "Reviewed the contracts of 40 suppliers and renegotiated 12 of them, saving USD 2.3 million a year.",
        "Helped with the preparation of steering committees.",
        "Ran 35 interviews and derived a backlog that the client still uses.",
        "Cut the error rate of deliveries from 3.1% to 0.8% by checking addresses at the order.",
        "Worked with the data team on dashboards for the warehouse.",
        "Trained 60 employees in agile working.",
    ),
    "Consultant | Brightwater Partners | Sep 2014 - Jul 2017": (
        "Modelled the cost of 17 distribution centres and recommended closing three, as the board did.",
        "Wrote the business case for a customer portal that 120,000 people used in its first year.",
        "Supported the project office in day-to-day matters.",
        "Migrated 4 million customer records without loss over one weekend.",
        "Was in charge of meeting minutes and travel.",
        "Compared five vendors of planning software and led the negotiation with two of them.",
        "Reduced the time to answer customers from 3 days to 5 hours.",
        "Took part in workshops about the future of retail.",
    ),
}
_TEXT: Final = "\n".join(
    [
        "Jo Sample",
        "",
        "SUMMARY",
        "Technology consultant with nine years of experience in cloud, operating models and data.",
        "Leads teams of up to 14 people and advises executive committees in retail and logistics.",
        "",
        "EXPERIENCE",
        *(line for job, bullets in _JOBS.items() for line in (job, *(f"- {each}" for each in bullets), "")),
        "EDUCATION",
        "MSc Information Systems, Example University, 2014",
        "",
        "SKILLS",
        "Python, SQL, AWS, Snowflake, Kubernetes, agile delivery, negotiation, change management",
    ]
)


def sample_request(depth: Depth) -> AnalysisRequested:
    """Return the request of an analysis of the resume."""
    about = AnalysisContext(
        analysis_id=_NOBODY,
        resume_id=_NOBODY,
        candidate_id=_NOBODY,
        requested_by=_NOBODY,
        candidate_name="Jo Sample",
        file_name="sample.txt",
        industry="strategy_tech",
        depth=depth,
        review_type=ReviewType.COMPREHENSIVE,
        requested_at=datetime.now(UTC),
    )
    return AnalysisRequested(version=1, analysis=about, text=_TEXT, signals=None)
