"""English words of resumes, to tell a compound from a word that was hyphenated at the end of a line."""

from typing import Final

# Base forms. `is_word` also recognises their usual endings.
_BASE_WORDS: Final = frozenset(
    word
    for line in (
        "ability able about above academic accept access account accurate achieve acquire across act action",
        "active actual add address adjacent adjust admin adopt advance advertise advise after age agency",
        "agent agile agnostic agree aid aim air alert align all allocate alone also analyse analysis",
        "analyst analytic analytics analyze annual answer app apply approach approve architect area arm",
        "arrange art article aside ask aspect assemble assess asset assign assist associate assure attend",
        "attract audience audit authentic author automate automatic availability available award aware away",
        "back balance ban bank bar base basic batch bear beat begin behavior behaviour benefit best beyond",
        "bias bid big bill billion bind biology blind block board body bond bonus book boost bore born both",
        "bottom bound box brand breach break bred breed brick bridge brief bring broad broker budget",
        "budgetary build built bulk burn business busy buy call camera campaign cancel candidate capacity",
        "capital car card care career cargo carry case cash catch category cause cell center central centre",
        "centric certify chain chair challenge change channel charge chart cheap check chemical chief child",
        "choose circle city civil claim class clean clear clerk click client climate clinic clinical close",
        "cloud cluster coach coast coat code cohort cold colleague collect college color colour column",
        "combine come command comment commerce commercial commission commit common community company",
        "compare compass compete compile complete complex complexity compliance compliant comply component",
        "compute concept concern concrete condition conduct confirm conflict congress connect conscious",
        "consist constant construct consult consume contact contain content contest context contour",
        "contract contribute control convert cook cool coordinate copy core corporate correct cost cottage",
        "council count country couple course court cover craft create credit crew crisis criteria critical",
        "crop cross crowd culture currency current curve customer cut cutting cycle daily damage dashboard",
        "data database date day dead deal debt debug decade decide decision deep defect define degree delay",
        "deliver delivery demand dense density department depend dependent deploy depth describe design",
        "desk detail detect develop device diagnose dig digital direct disaster disc discount display",
        "distance distribute district divide division doctor document dollar domain door double down draft",
        "draw dress drill drive driven drop drug dual due duty dynamic each early earn earth ease east easy",
        "economic economy edge edit educate effect effective efficient effort elder elect electric",
        "electronic element eligible email embed emergency employ employee empower enable end energy engage",
        "engagement engine engineer enhance enrol ensure enter enterprise entity entry environment equal",
        "equip equity error essential estate estimate estimator ethic ethical evaluate even event ever",
        "evidence exam example exceed excellent exchange execute executive exercise exist expand expect",
        "expense experience expert explain export extend external extra eye face faced facility fact factor",
        "fail fair faith fall false family far farm fast fault favor feature fee feed feel fellow few",
        "fiction field fifth figure file fill film final finance financial find fine finish fire firm first",
        "fiscal fit fitness five fix flag flash flat fledged fleet flight floor flow fluent fluid focus",
        "follow food foot force forecast foreign form formal forward foster found foundation founder four",
        "fourth frame framework fraud free freight frequency fresh friction friend friendly front fuel full",
        "fully function fund funnel furniture further future gain galaxy game gap garden gas gate gateway",
        "gather gear geared gender general generate generic giant gift give glass global goal gold good",
        "govern grade graduate grant graph graphic great green greet grid grocery gross ground group grow",
        "growth guard guest guide guided habit half hall hand handle hard harm head headed heal health hear",
        "heart heat heavy height held help herd hide high highly hire historic history hit hockey hold home",
        "honor hook hope horizon hospital host hot hotel hour house human hundred idea identify image",
        "impact implement import improve inbound incentive incident include income increase independent",
        "index individual indoor industry inflation influence inform infuse innovate input inquiry insight",
        "inspect inspire install instance instruct insurance insure integrate integrity intellect",
        "intelligence intelligent intense intensive interest interface internal international interview",
        "invasive inventory invest invoice involve iron issue item job join joint journal judge junior just",
        "keen keep kept kernel key kind kit kitchen know knowledge known lab label labor laboratory labour",
        "land lane language large laser last late latency launch law lawn lawyer layer layered lead leader",
        "leading leaf lean learn lease leave ledger left legacy legal lend lending lens lesson level",
        "leverage liability library licence license licensed life lift light like limit line linear link",
        "liquid list listen literacy literate live load loan lobby local lock log logical logistic",
        "logistics long look loop loss lost low lower loyal loyalty luxury machine mail main maintain",
        "maintenance major make mall manage manager manual manufacture manufacturing many map margin marine",
        "mark market marketing mass master match material math matter mature maximum measure mechanic",
        "mechanical media medical medium meet member membrane memorial memory mental mentality mentor",
        "merchandise merchant merge message metal method metric metro micro mid middle migrate mile",
        "military milk mill million mind minded mine mineral minimal minimum mining minor minute mission",
        "mix mixed mobile mode model modern module money monitor month more morning mortgage motion",
        "motivate motivated motor move much multi museum music name narrow nation national native natural",
        "navigation near need negotiate net network neutral never new news next night nine noise non normal",
        "north notch note novel nuclear number nurse object objective observe obtain ocean off offer office",
        "officer oil old one only open operate operation operator optic optical optimal optimise optimize",
        "option oral orchestra order organ organic organise organize orient oriented origin outbound",
        "outcome output oven over own owner oxygen pace package page paid paint pair palette panel paper",
        "parallel parent park parking part partner party pass past patch path patient pattern pay payment",
        "payroll peak peer penetration pension people per percent perfect perform performing period person",
        "phase phased phone photo physical pick picture piece pilot pipe pipeline pitch place plan planet",
        "plant plastic plate platform play player point policy political pool poor pop port portfolio",
        "position post potential poverty power practice precise predict prefer premium prepare present",
        "preserve press pressure prevent price primary print prior private proactive problem procedure",
        "process processor procure produce product production profession proficient profile profit program",
        "programme progress project promote prone proof proper property propose protect protein proven",
        "provide psychology public publish pull pulse purchase purpose push put qualify quality quantity",
        "quantum quarter query question queue quick quota quote race radar radio rail raise ramp random",
        "range rank rapid rare rate ratio rational raw ray reach react read reader ready real reason",
        "rebuild receive recognise recognition recognize recommend record recover recruit recruiter",
        "recruitment recycle red reduce redundant refer referral refine refund region regional register",
        "regression regulate relate relation release relevant reliable reliant remote remove renew",
        "renewable rent repair repeat replace report represent request require research researcher reserve",
        "reside resident resistant resolve resource respond response rest restaurant result retail retain",
        "retention retire return revenue review revise revolution reward rhythm rich ride right rigor",
        "rigorous ring rise risk river road robust role roll roof room root rotate round route routine row",
        "rule run safe safety sale sales sample satellite satisfaction satisfy save saving savvy scale scan",
        "scarce scene schedule scheduling scheme school science scientific scientist scope score screen",
        "script sea seal search season seat second sector secure security segment select self sell seller",
        "semantic senior sense sensitive sensor separate series serve server service session set setting",
        "settle seven shape share shareholder sharp sheet shelf shelves shift ship shoot shop short show",
        "shut side sight sign signal silver simple simulate single site six size skill skilled slow small",
        "smart smoke smooth snapshot social socket soft software soil solar sold solid solution solve",
        "solver sort sound source south space span speak special specialist specialty specific specify",
        "spectrum speech speed spend spent split spoken sponsor sport spot spread spring square stability",
        "stable stack staff staffing stage stake stakeholder stand standard standards star start starter",
        "state statement static station statistic status stay steel step sterile stock stone stop storage",
        "store storm story strategic strategy stream street strength stress strict stripe strong structure",
        "student studio study style subject submission submit subscribe success sufficient suffix suit",
        "suite summer supervise supplier supply support surface surgery surplus survey sustain switch",
        "syndicate synthetic system table tag tail take taker talent talk target task taught tax teach",
        "teacher team tech technical technique technology telecom telephone temperature ten tenant tender",
        "term test text theatre therapy thermal thick thin thing think thinking third thirty thorough",
        "thought thousand thread threat three ticket tier tight time tip tolerance tolerant tone tool top",
        "topic total touch tour tourism town toxic track tracking trade traffic train transact transaction",
        "transfer transform transformation transit transition translate transparent transport travel",
        "treasury treat tree trend trial trigger trip trouble truck true trust tuition turbine turn tutor",
        "twelve twenty twice two type typed ultra under unicorn uniform union unit university up update",
        "upgrade upper urban usage use user utility vacation vaccine validate valley value van variable",
        "vary vector vehicle vendor venture verified verify versed version vertical vessel video view",
        "virtual vision visit visual vocal voice volume volunteer vulnerable wage wait walk wall want ware",
        "warm warn waste watch water wave way weak wealth web week weight welcome well wellness west wet",
        "wheel white whole wholesale wide wild win wind window wing winter wire wise wood word work worker",
        "workflow workshop world worth wrapper write wrong yard year yes yield yielding young zero zone",
    )
    for word in line.split()
)
# Words whose halves are words too, and which are written without a hyphen.
_CLOSED_COMPOUNDS: Final = frozenset(
    word
    for line in (
        "afternoon airline airport anybody anyone anything anywhere apprenticeship artwork backbone",
        "background backlog backup barcode baseline become before benchmark bestseller bestselling",
        "billboard birthday blackboard blueprint boardroom bookkeeper bookkeeping bookmark bookshop",
        "bottleneck breakdown breakeven breakthrough broadband broadcast brownfield buildup businessman",
        "bypass carefree caretaker caseload cashflow changeover chargeback checklist checkout checkpoint",
        "citizenship citywide classroom cleanup clientele clipboard codebase comeback companywide cookbook",
        "copyright copywriter copywriting cornerstone counterpart countryside coursework craftsman",
        "craftsmanship crossover crossroad crowdfunding crowdsource cutoff cutover database dataset",
        "datasheet daycare daylight deadline downgrade download downsize downstream downtime downtown",
        "downturn downward drawback earmark earthquake endpoint enterprise entrepreneurship everybody",
        "everyday everyone everything everywhere express eyewear facelift fallback farmland feedback",
        "fellowship fieldwork fingerprint firefighter firewall firmware firsthand flagship flashback",
        "flowchart football footprint forecast forefront forego foreground foresee format forward framework",
        "freehand freelance freelancer freeway freshman frontline fulfil fulfill fundraiser fundraising",
        "furthermore gatekeeper gateway goodwill greenfield greenhouse groundbreaking groundwork groupware",
        "guideline halfway hallmark handbook handcraft handheld handmade handoff handout handover handpick",
        "handset handshake handwritten hardware headcount headhunt headhunter headline headlong headquarter",
        "headroom headset headway healthcare heatmap highland highlight highway hindsight holdover holiday",
        "homeland homeowner homepage hometown homework hotline hourly household housekeeper housekeeping",
        "however inbound income indoor industry inform input inquire inset inside insight install instruct",
        "intake internship into invest jobless keyboard keynote keystone keyword knowhow landlord landmark",
        "landscape laptop lastly lawmaker lawsuit layoff layout leadership leaseholder leftover letterhead",
        "lifecycle lifeline lifelong lifespan lifestyle lifetime lightweight likewise limestone lineup",
        "livestock lockdown logbook login longhand longstanding lookup mailbox mainframe mainland",
        "mainstream makeover manage mandate manhole manpower markdown marketplace markup meantime meanwhile",
        "membership microservice middleware midfield midland midpoint midterm midweek milestone mindset",
        "misuse mockup moreover multiple nationwide network nevertheless newborn newcomer newscast",
        "newsletter newspaper newsroom nightshift nobody northeast northwest notebook nothing notice",
        "nowhere offhand office offline offload offset offshore onboard onboarding oneself ongoing online",
        "onset onshore onward otherwise outbound outbreak outcome outdoor outfit outgoing outgrow outlay",
        "outlet outline outlook outnumber outpatient outperform outpost output outreach outset outside",
        "outsource outspoken outstanding outward overall overarching overcome overdue overflow overhaul",
        "overhead overlap overlay overload overlook overnight overrun oversaw overseas oversee oversight",
        "overstock overtime overturn overview overwork ownership paperwork partake partnership password",
        "pastime patchwork pathway payback paycheck payload payoff payout payroll peacekeeping percent",
        "perform permit photocopy pickup pinpoint pipeline platform playback playbook playground playlist",
        "pointless policyholder popup portfolio postage postcard postgraduate powerful preset pressroom",
        "preview printout proactive product program project proofread proposal pullback pushback railroad",
        "railway readout rebuild recall recharge reform reinforce relationship relocate report resource",
        "restroom return review reward roadmap roadshow roadside rollback rollout rollover roundtable",
        "runbook runtime runway safeguard salesforce salesman salesperson sandbox scholarship scoreboard",
        "scorecard seafood seasonal setback setup shareholder shipment shipyard shopkeeper shortage",
        "shortcoming shortcut shorthand shortlist showcase showroom shutdown sideline signpost sitewide",
        "skillset slideshow smartphone snapshot software somebody someone something sometimes somewhere",
        "southeast southwest spotlight spreadsheet stakeholder standalone standby standpoint standstill",
        "startup statewide steelwork stockholder stockpile stockroom storefront storehouse storyboard",
        "storyline storyteller storytelling straightforward streamline strikeout subset substandard subway",
        "suitcase supermarket surname tabletop takeaway takeoff takeover taskforce taxpayer teammate",
        "teamwork telecast textbook therefore threshold throughout throughput timeframe timekeeper",
        "timekeeping timeline timely timescale timesheet timeslot timestamp timetable today toolbox",
        "toolchain toolkit toolset touchpoint toward tracksuit trademark trailblazer transact transfer",
        "transform transit transplant transport treatment troubleshoot troubleshooter troubleshooting",
        "turnaround turnkey turnout turnover typeset undergo undergraduate underground underlay underlie",
        "underline underpass underpin understaff understand understanding understood undertake undertaking",
        "undertook underway underwrite underwriter underwriting underwrote update upfront upgrade uphold",
        "upkeep uplift upload upright uprising upset upside upskill upstream uptake uptime upturn upward",
        "usually viewpoint voicemail waitlist walkthrough wallpaper warehouse warehousing watchdog",
        "waterfall waterfront waterproof wayfinding webcast webinar webpage website weekday weekend welcome",
        "whatever whenever whereas wherever whichever whiteboard whitelist whitepaper whoever wholesale",
        "wholesaler widespread wildlife windfall withdraw withhold within without withstand woodwork",
        "workbench workbook workday workflow workforce workload workout workplace worksheet workshop",
        "workspace workstation workstream worldwide worthwhile yearbook",
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
    return len(text) >= _MIN_LENGTH and (_has_base(text, _BASE_WORDS) or _has_base(text, _CLOSED_COMPOUNDS))


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
