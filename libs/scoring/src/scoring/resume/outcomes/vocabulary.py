"""Groups of words that the phrases of an outcome are made of, as alternatives of regular expressions."""

from typing import Final

DIGITS: Final = r"[$€£¥~<>]?\d[\d.,]*"
WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|half"
)
NUMBER: Final = rf"(?:{DIGITS}|zero|none|nothing|{WORDS}|an? (?:day|week|hour|month))"
UNIT: Final = r"(?:%|x\b|percent|times|points?|hours?|days?|weeks?|months?|minutes?|seconds?)"
MORE: Final = (
    "fewer|less|more|faster|quicker|higher|lower|shorter|cheaper|better|sooner|lighter|smaller|larger"
    "|earlier"
    "|reduction|increase|growth|drop|decrease|improvement|savings?|gains?|cut|rise|uplift|decline"
)
EARLY: Final = "early|ahead of|sooner|earlier|faster|before (?:the|its|schedule)"
RATES: Final = (
    "success|satisfaction|accuracy|pass|retention|approval|completion|attendance|response|conversion"
    "|win|open"
    "|acceptance|renewal|occupancy|uptime|availability|attainment|positive|placement|graduation|hit"
    "|adoption"
)
FAULTS: Final = (
    "complaints?|incidents?|accidents?|loss|losses|downtime|interruptions?|outages?|errors?|injury"
    "|injuries|delays?"
    "|disruptions?|objections?|findings?|faults?|failures?|defects|redundancies|layoffs|breakdowns?|lapses"
    "|deviations|non-conformity|non-conformities|returns|rework|strikes?|walkouts?|industrial action"
    "|casualt(?:y|ies)"
    "|spills?|penalt(?:y|ies)|fines?|warnings?|recalls?|dropouts?|escalations?|overruns?|stockouts?"
    "|litigation|dismissals?"
    "|violations?|vacanc(?:y|ies)|leavers?"
)
# "Worked without supervision" states a condition of the work.
HELP: Final = (
    "supervision|help|assistance|guidance|support|experience|training|insurance|disabilit|access"
    "|knowledge|using|being"
    "|limitations?|prior|budget|the\\b|instructions?|degrees?|coding|code\\b"
)
PRIZES: Final = (
    "awards?|prizes?|medals?|titles?|trophy|trophies|scholarship|fellowship|championships?|stars?|honou?rs?"
    "|accreditation|certification|patents?|victory|commendations?|recognition"
)
WON: Final = (
    "received|awarded|named|recogni[sz]ed|honou?red|nominated|shortlisted|commended|won|earned|earning"
    "|winning"
    "|gained|gaining"
)
PRAISED: Final = (
    "praised|commended|singled out|acclaimed|lauded|shortlisted|nominated|rated (?:outstanding|excellent)"
)
USED: Final = (
    "used|adopted|implemented|copied|confirmed|replicated|followed|rolled out|taken up|accepted|endorsed"
    "|cited|applied|relied on|recommended|taught|licensed|granted|reprinted|translated|invited|selected"
    "|built"
    "|installed|enacted|published"
)
SPREAD: Final = (
    "seen|viewed|attended|visited|downloaded|bought|used|sold|shown|stocked|played|watched|read|taught"
)
GRANTED: Final = "approved|featured|extended|renewed|shown|upheld|passed|funded|acquired"
TOOK_UP: Final = (
    "adopted|patched|fixed|closed|implemented|copied|bought|published|funded|extended|renewed|approved"
    "|confirmed"
    "|licensed|repeated|rated|praised|signed|accepted"
)
# "the by-law the council adopted"
OF_OTHERS: Final = (
    "(?:the|an?) [a-z-]+ (?:the|an?|other|several|all|many|most|both|its|their|our|every|two|three)"
)
MOVED: Final = (
    "rose|fell|grew|dropped|climbed|doubled|tripled|halved|jumped|declined|shrank|went|soared|sank"
    "|rises|falls"
    "|increased|decreased|improved"
)
MEASURES: Final = (
    "sales|revenues?|turnover|profits?|costs?|output|satisfaction|conversion|complaints|rates?|times?"
    "|traffic|attendance|attainment"
    "|membership|productivity|churn|retention|scores?|margins?|orders|bookings|yields?|errors|accidents"
    "|downtime|volume|quota"
)
AUDIENCE: Final = (
    "followers|subscribers|downloads|views|listeners|viewers|streams|citations|copies|times|stars"
)
CONDITIONS: Final = "possible|profitable|safe|obsolete|easier|faster|cheaper|safer|quicker|simpler"
# What one holds at an hour or over some days.
GATHERINGS: Final = (
    "meetings?|workshops?|class|classes|sessions?|seminars?|talks?|lectures?|events?|interviews?|calls?"
    "|courses?|lessons?|exhibitions?|stand-?ups?|reviews?|trainings?|conferences?|hours"
)
MADE: Final = (
    "author(?:ed)?|co-author(?:ed)?|wrote|co-wrote|produced|directed|composed|designed|developed"
    "|invented|created"
    "|drafted|built|filmed|shot|edited|illustrated|proposed|devised|submitted|published|prepared"
    "|conceived|co-designed"
)
ACCLAIMED: Final = (
    "selected|chosen|approved|accepted|adopted|published|shown|exhibited|featured|screened|praised"
    "|bought|purchased"
    "|acquired|licensed|awarded|endorsed|recommended|nominated|shortlisted|recogni[sz]ed|granted"
    "|ratified|enacted"
    "|broadcast|downloaded|cited|taught|premiered|picked up|rolled out|renewed|commissioned"
)
BUILT: Final = (
    "found|co-found|launch|establish|creat|built|build|open|introduc|land|won|win|secur|deliver|publish"
    "|negotiat|sign"
    "|clos|complet|produc|organi[sz]|stag|develop|design|publish|pioneer|set up|steer|led|form|erect"
    "|install|acquir"
    "|obtain|ran|host|implement|earn|achiev|gain|sold|direct|coach|start|held|receiv|brought|became|was"
    "|shap|draft|wrote|author"
)
TOP: Final = (
    "first(?:-ever)?|largest|biggest|best-selling|bestselling|highest|fastest|youngest|only|most [a-z]+"
)
MODAL: Final = "can|could|may|might|should|would|will|must|don't|do not"
RISE: Final = "double|triple|rise|fall|grow|drop|increase|climb|decline|halve|improve|jump|soar|recover"
CEASED: Final = (
    "[a-z]{2,}ed|left|came|went|fell|rose|broke|hit|ran|became|began|paid|gave|got|won|lost|met|shut|spread"
    "|struck|took"
)
# What one delivers or completes as a duty, and the manner of it.
ERRANDS: Final = (
    "orders?|parcels?|packages?|letters?|mail|post|meals?|newspapers?|groceries|goods|shipments?|deliver(?:y|ies)"
    "|invoices?|reports?|paperwork|documents?|forms?|filings?|payroll|payments?|tasks?|assignments?|homework|chores"
    "|shifts?|requests?|tickets?|timesheets?|duties"
)
DONE: Final = (
    "deliver|complet|finish|submit|hand|ship|brought|bring|execut|process|fulfil|prepar|fil|sent|send"
    "|serv|clos|post|dispatch|return"
)
MANNER: Final = (
    "(?:on|in) time|on schedule|(?:by|before|within) (?:the |its |their )?(?:deadlines?|budget)"
    r"|(?:in|within) (?:an?|one|two|three|\d+) (?:\w+ )?(?:minutes?|hours?|days?)"
)
