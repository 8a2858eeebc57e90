"""English words of resumes, to tell a compound from a word that was hyphenated at the end of a line."""

from typing import Final

# Base forms. `is_word` also recognises their usual endings.
_BASE_WORDS: Final = frozenset(
    word
    for line in (
        "able about above academic accept access account accurate achieve acquire across act action active",
        "actual add address adjust admin adopt advance advertise advise after age agency agent agile agree",
        "aid aim air alert align all allocate alone also analyse analysis analyst analytics analyze annual",
        "answer app apply approach approve architect area arm arrange art article aside ask assemble assess",
        "asset assign assist associate assure attend attract audience audit author automate award aware",
        "away back balance ban bank bar base basic batch bear beat begin behavior behaviour benefit best",
        "beyond big bill billion bind blind block board body bond book boost bore born both bottom bound",
        "box brand breach break bridge brief bring broad broker budget build built bulk burn business busy",
        "buy call camera campaign cancel capacity capital car card care career cargo carry case cash catch",
        "category cause center central centre certify chain chair challenge change channel charge chart",
        "cheap check chemical chief child choose circle city civil claim class clean clear clerk click",
        "client climate clinic clinical close cloud coach coat code cold colleague collect college color",
        "colour column combine come comment commerce commercial commit common community company compare",
        "compete compile complete complex complexity compliance comply component compute concept concrete",
        "condition conduct confirm conflict connect conscious consist constant construct consult consume",
        "contact contain content contest context contract contribute control convert cook cool coordinate",
        "copy core corporate correct cost council count country couple course court cover craft create",
        "credit crew crisis criteria critical crop cross crowd culture current curve customer cut cutting",
        "cycle daily damage dashboard data database date day dead deal debt decide decision deep defect",
        "define degree delay deliver delivery demand density department depend deploy depth describe design",
        "desk detail detect develop device diagnose dig digital direct disaster disc discount display",
        "distance distribute district divide division doctor document dollar domain door double down draft",
        "draw dress drill drive driven drop drug dual due duty each early earn earth ease east easy edge",
        "edit educate effect effective efficient effort elect element eligible email embed emergency employ",
        "employee empower enable end energy engage engine engineer enhance enrol ensure enter enterprise",
        "entry environment equal equip equity error essential estate estimate ethic evaluate even event",
        "ever evidence exam example exceed excellent exchange execute executive exercise exist expand",
        "expect expense experience expert explain export extend external extra eye face facility fact",
        "factor fail fair faith fall false family far farm fast fault favor feature fee feed feel fellow",
        "few field fifth figure file fill film final finance financial find fine finish fire firm first",
        "fiscal fit five fix flag flash flat fleet flight floor flow fluid focus follow food foot force",
        "forecast foreign form formal forward foster found four fourth frame fraud free freight frequency",
        "fresh friend friendly front fuel full fully function fund funnel furniture further future gain",
        "game gap gas gate gather gear gender general generate gift give global goal gold good govern grade",
        "graduate grant graph great green grid gross ground group grow growth guard guest guide half hall",
        "hand handle hard harm head heal health hear heart heat heavy height held help hide high highly",
        "hire history hit hold home honor hope horizon hospital host hot hotel hour house human hundred",
        "idea identify image impact implement import improve inbound incentive incident include income",
        "increase index individual industry influence inform innovate input inquiry insight inspect inspire",
        "install instruct insure integrate intellect intense intensive interest interface internal",
        "international interview inventory invest invoice involve iron issue item job join joint journal",
        "judge junior just keen keep kept key kind kit know knowledge known lab label labor laboratory",
        "labour land language large laser last late latency launch law lawyer layer lead learn lease leave",
        "ledger left legacy legal lend lesson level leverage library licence license life lift light like",
        "limit line link liquid list listen literate live load loan local lock log logistics long look loop",
        "loss lost low lower loyal loyalty machine mail main maintain maintenance major make mall manage",
        "manager manual manufacture many map margin mark market mass master match material math matter",
        "mature maximum measure media medical medium meet member memory mental mentor merchandise merchant",
        "merge message metal method metric micro mid middle migrate mile military milk mill million mind",
        "minded mine minimum minor minute mission mix mixed mobile mode model modern module money monitor",
        "month more morning motion motivate motor move much multi museum music name narrow nation national",
        "native natural near need negotiate net network neutral never new news next night nine noise non",
        "normal north note nuclear number nurse object objective observe obtain off offer office officer",
        "oil old one only open operate operation operator optic optical optimise optimize option oral order",
        "organ organise organize orient oriented origin outbound outcome output oven over own owner pace",
        "package page paid paint pair panel paper parent park part partner party pass past patch path",
        "patient pattern pay payment peak peer pension people per percent perfect perform period person",
        "phase phone photo physical pick picture piece pilot pipe pipeline place plan plant plastic plate",
        "platform play player point policy pool poor pop port portfolio position post potential power",
        "practice precise predict prefer prepare present press pressure prevent price primary print prior",
        "private proactive problem procedure process procure produce product production profession profile",
        "profit program programme progress project promote proof proper property propose protect proven",
        "provide public publish pull pulse purchase purpose push put qualify quality quarter query question",
        "queue quick quota quote race rail raise ramp random range rank rapid rare rate ratio raw ray reach",
        "react read ready real reason rebuild receive recognise recognize recommend record recover recruit",
        "recruiter recycle red reduce refer refine region register regression regulate relate relation",
        "release relevant reliable remote remove renew rent repair repeat replace report represent request",
        "require research reserve reside resident resolve resource respond response rest restaurant result",
        "retail retain retire return revenue review revise reward rich ride right rigor ring rise risk",
        "river road robust role roll roof room root rotate round route routine row rule run safe safety",
        "sale sales sample satellite satisfy save saving scale scan scene schedule scheme school science",
        "scope score screen script sea seal search season seat second sector secure security segment select",
        "self sell senior sense sensitive sensor separate series serve server service session set setting",
        "settle seven shape share sharp sheet shelf shelves shift ship shoot shop short show shut side",
        "sight sign signal simple simulate single site six size skill skilled slow small smart smoke social",
        "soft software soil solar sold solid solution solve sort sound source south space span speak",
        "special specialist specialty specific specify speech speed spend spent split spoken sponsor sport",
        "spot spread spring square stable stack staff stage stake stakeholder stand standard star start",
        "starter state station status stay steel step sterile stock stop storage store story strategy",
        "stream street strength stress strict strong structure student studio study style subject submit",
        "subscribe success suit suite summer supervise supplier supply support surface surgery survey",
        "sustain switch system table tag tail take talent talk target task tax teach teacher team tech",
        "technical technique technology telephone temperature ten tenant tender term test text thermal",
        "thick thin thing think third thirty thought thousand thread threat three ticket tier tight time",
        "tip tolerance tool top topic total touch tour town track trade traffic train transact transfer",
        "transform transit translate transport travel treat tree trend trial trip trouble truck true trust",
        "turn tutor twelve twenty twice two type under union unit university up update upgrade upper urban",
        "usage use user utility vacation validate value van variable vary vehicle vendor venture verify",
        "version vertical video view virtual visit visual voice volume volunteer wage wait walk wall want",
        "ware warm warn waste watch water wave way weak wealth web week weight welcome well west wet white",
        "whole wide wild win wind window wing winter wire wise wood word work worker workflow world worth",
        "write wrong year yes yield young zero zone",
    )
    for word in line.split()
)
# Words whose halves are words too, and which are written without a hyphen.
_CLOSED_COMPOUNDS: Final = frozenset(
    word
    for line in (
        "afternoon airline airport anybody anyone anything anywhere artwork backbone background backlog",
        "backup barcode baseline become before benchmark bestseller bestselling billboard birthday",
        "blackboard blueprint boardroom bookkeeper bookkeeping bookmark bookshop bottleneck breakdown",
        "breakeven breakthrough broadband broadcast brownfield buildup businessman bypass carefree",
        "caretaker caseload cashflow changeover chargeback checklist checkout checkpoint citywide classroom",
        "cleanup clientele clipboard codebase comeback companywide cookbook copyright copywriter",
        "copywriting cornerstone counterpart countryside coursework craftsman crossover crossroad",
        "crowdfunding crowdsource cutoff cutover database dataset datasheet daycare daylight deadline",
        "downgrade download downsize downstream downtime downtown downturn downward drawback earmark",
        "earthquake endpoint enterprise everybody everyday everyone everything everywhere express eyewear",
        "facelift fallback farmland feedback fieldwork fingerprint firefighter firewall firmware firsthand",
        "flagship flashback flowchart football footprint forecast forefront forego foreground foresee",
        "format forward framework freehand freelance freelancer freeway freshman frontline fulfil fulfill",
        "fundraiser fundraising furthermore gatekeeper gateway goodwill greenfield greenhouse",
        "groundbreaking groundwork groupware guideline halfway hallmark handbook handcraft handheld",
        "handmade handoff handout handover handpick handset handshake handwritten hardware headcount",
        "headhunt headhunter headline headlong headquarter headroom headset headway healthcare heatmap",
        "highland highlight highway hindsight holdover holiday homeland homeowner homepage hometown",
        "homework hotline hourly household housekeeper housekeeping however inbound income indoor industry",
        "inform input inquire inset inside insight install instruct intake into invest jobless keyboard",
        "keynote keystone keyword knowhow landlord landmark landscape laptop lastly lawmaker lawsuit layoff",
        "layout leaseholder leftover letterhead lifecycle lifeline lifelong lifespan lifestyle lifetime",
        "lightweight likewise limestone lineup livestock lockdown logbook login longhand longstanding",
        "lookup mailbox mainframe mainland mainstream makeover manage mandate manhole manpower markdown",
        "marketplace markup meantime meanwhile microservice middleware midfield midland midpoint midterm",
        "midweek milestone mindset misuse mockup moreover multiple nationwide network nevertheless newborn",
        "newcomer newscast newsletter newspaper newsroom nightshift nobody northeast northwest notebook",
        "nothing notice nowhere offhand office offline offload offset offshore onboard onboarding oneself",
        "ongoing online onset onshore onward otherwise outbound outbreak outcome outdoor outfit outgoing",
        "outgrow outlay outlet outline outlook outnumber outpatient outperform outpost output outreach",
        "outset outside outsource outspoken outstanding outward overall overarching overcome overdue",
        "overflow overhaul overhead overlap overlay overload overlook overnight overrun oversaw overseas",
        "oversee oversight overstock overtime overturn overview overwork ownership paperwork partake",
        "partnership password pastime patchwork pathway payback paycheck payload payoff payout payroll",
        "peacekeeping percent perform permit photocopy pickup pinpoint pipeline platform playback playbook",
        "playground playlist pointless policyholder popup portfolio postage postcard postgraduate powerful",
        "preset pressroom preview printout proactive product program project proofread proposal pullback",
        "pushback railroad railway readout rebuild recall recharge reform reinforce relocate report",
        "resource restroom return review reward roadmap roadshow roadside rollback rollout rollover",
        "roundtable runbook runtime runway safeguard salesforce salesman salesperson sandbox scoreboard",
        "scorecard seafood seasonal setback setup shareholder shipment shipyard shopkeeper shortage",
        "shortcoming shortcut shorthand shortlist showcase showroom shutdown sideline signpost sitewide",
        "skillset slideshow smartphone snapshot software somebody someone something sometimes somewhere",
        "southeast southwest spotlight spreadsheet stakeholder standalone standby standpoint standstill",
        "startup statewide steelwork stockholder stockpile stockroom storefront storehouse storyboard",
        "storyline storyteller storytelling straightforward streamline strikeout subset substandard subway",
        "suitcase supermarket surname tabletop takeaway takeoff takeover taskforce taxpayer teammate",
        "teamwork telecast textbook therefore threshold throughout throughput timeframe timekeeper",
        "timekeeping timeline timely timescale timesheet timeslot timestamp timetable today toolbox",
        "toolchain toolkit toolset touchpoint toward tracksuit trademark tradeoff trailblazer transact",
        "transfer transform transit transplant transport treatment troubleshoot troubleshooter",
        "troubleshooting turnaround turnkey turnout turnover typeset undergo undergraduate underground",
        "underlay underlie underline underpass underpin understaff understand understanding understood",
        "undertake undertaking undertook underway underwrite underwriter underwriting underwrote update",
        "upfront upgrade uphold upkeep uplift upload upright uprising upset upside upskill upstream uptake",
        "uptime upturn upward usually viewpoint voicemail waitlist walkthrough wallpaper warehouse",
        "warehousing watchdog waterfall waterfront waterproof wayfinding webcast webinar webpage website",
        "weekday weekend welcome whatever whenever whereas wherever whichever whiteboard whitelist",
        "whitepaper whoever wholesale wholesaler widespread wildlife windfall withdraw withhold within",
        "without withstand woodwork workbench workbook workday workflow workforce workload workout",
        "workplace worksheet workshop workspace workstation workstream worldwide worthwhile writeoff",
        "yearbook",
    )
    for word in line.split()
)
_ENDINGS: Final = (
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "er",
    "ers",
    "or",
    "ors",
    "ly",
    "able",
    "ful",
    "less",
    "ness",
    "ment",
)
# Shorter parts of a word are also syllables: "de", "en", "ly".
_MIN_LENGTH: Final = 3


def is_word(text: str) -> bool:
    """Return True if lower-case `text` is a common word that can be a part of a compound."""
    return len(text) >= _MIN_LENGTH and _has_base(text, _BASE_WORDS)


def is_closed_compound(text: str) -> bool:
    """Return True if lower-case `text` is a word that is written without a hyphen."""
    return _has_base(text, _CLOSED_COMPOUNDS) or _has_base(text, _BASE_WORDS)


def _has_base(text: str, words: frozenset[str]) -> bool:
    if text in words:
        return True
    for ending in _ENDINGS:
        base = text.removesuffix(ending)
        if base == text or len(base) < _MIN_LENGTH:
            continue
        # "using" from "use", "planned" from "plan".
        if base in words or f"{base}e" in words or (base[-1] == base[-2] and base[:-1] in words):
            return True
        if ending in {"es", "ed"} and base[-1] == "i" and f"{base[:-1]}y" in words:
            return True
    return False
