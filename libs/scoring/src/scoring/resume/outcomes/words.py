"""Words that tell outcomes from actions in English clauses."""

from typing import Final

# Words that open a relative clause.
RELATIVE: Final = frozenset({"that", "which", "who"})

# Words between a relative pronoun or a conjunction and its verb.
BETWEEN: Final = frozenset({
    "already", "also", "both", "eventually", "had", "has", "have", "in", "itself", "later", "not", "now",
    "once", "since", "soon", "still", "then", "thereby", "thus", "together", "turn",
})  # fmt: skip

# A participle after one of these names a subject of the work rather than an outcome.
NO_OUTCOME_AFTER: Final = frozenset({
    "a", "about", "after", "an", "are", "as", "at", "be", "before", "for", "from", "in", "include",
    "included", "including", "into", "involving", "is", "like", "not", "of", "on", "or", "than", "the",
    "to", "toward", "towards", "upon", "via", "was", "were", "when", "with", "without",
})  # fmt: skip

# Verbs that describe a thing after "that": "a site that lets guests book". After ", which" they tell an
# outcome.
FUNCTIONS: Final = frozenset({
    "add", "allow", "collect", "complete", "contribute", "convert", "detect", "enable", "find", "generate",
    "get", "give", "go", "help", "let", "mean", "meet", "receive", "return", "sell", "spot", "take",
})  # fmt: skip

# Verbs after ", which" that count only with an amount: "the board, which met monthly".
MEASURED: Final = frozenset({
    "collect", "contribute", "deliver", "go", "meet", "pass", "place", "receive", "take",
})  # fmt: skip

# Verbs after ", which" that describe a thing.
STATES: Final = frozenset({
    "based", "calculated", "called", "collected", "combined", "comprised", "connected", "consisted",
    "consulted", "contained", "covered", "displayed", "employed", "entailed", "featured", "focused",
    "focussed", "handled", "hosted", "included", "involved", "lasted", "linked", "located", "managed",
    "manufactured", "measured", "monitored", "named", "needed", "numbered", "offered", "operated", "owned",
    "participated", "processed", "provided", "ranged", "reported", "required", "served", "showed",
    "specialised", "specialized", "stored", "supported", "totalled", "tracked", "used",
})  # fmt: skip

# Verbs after "that" that give a size even with an amount: "a system that handles $3M a day".
CAPACITIES: Final = frozenset({
    "are", "contains", "costs", "covers", "employs", "had", "handles", "has", "have", "held", "holds", "i",
    "includes", "is", "manages", "processes", "ran", "runs", "serves", "stores", "the", "was", "we",
    "were",
})  # fmt: skip

# Verbs that need an amount in a second clause: "Maintained and improved the site".
VAGUE: Final = frozenset({
    "accelerate", "ease", "enable", "expand", "generate", "improve", "increase", "maximize", "minimize",
    "raise", "strengthen",
})  # fmt: skip

# Verbs that say little at the start without an amount: "Improved processes".
VAGUE_OPENINGS: Final = frozenset({
    "accelerate", "compress", "downsize", "enable", "expand", "generate", "improve", "lighten", "speed",
    "tighten",
})  # fmt: skip

# Weak openings that name no duty: "Made the archive accessible", "Was promoted".
PLAIN_OPENINGS: Final = frozenset({"got", "made", "was", "were"})

# Verbs that state an outcome as ", letting ..." without an amount.
EFFECTS: Final = frozenset({
    "allow", "attract", "force", "inspire", "leave", "let", "reveal", "spark", "trigger",
})  # fmt: skip

# Verbs whose counted object is an outcome at any rate: "Sold 20 cars a month".
SALES: Final = frozenset({"sell", "sign", "win"})

# Verbs that state an outcome at the start if a sum follows: "Collected $2M".
EARNING: Final = frozenset({
    "bridge", "claim", "collect", "deliver", "discover", "find", "fundraise", "identify", "negotiate",
    "obtain", "reclaim",
})  # fmt: skip

# Of these, verbs whose sum may come later: "Collected overdue receivables of $640,000".
CLAIMING: Final = frozenset({"bridge", "claim", "collect", "reclaim"})

# Verbs that state an outcome at the start with one definite object: "Overturned a dismissal".
ACHIEVED_ONE: Final = frozenset({
    "arrest", "attain", "break", "capture", "clinch", "contain", "convince", "crack", "cure", "defend",
    "defuse", "diagnose", "discover", "disprove", "evacuate", "expose", "extinguish", "foil", "free",
    "heal", "land", "obtain", "overturn", "patent", "persuade", "quell", "recapture", "repel", "rescue",
    "resolve", "resurrect", "reunite", "reverse", "revitalize", "salvage", "settle", "solve", "stop",
    "thwart", "unblock", "uncover", "unearth", "unlock", "wean",
})  # fmt: skip

# Verbs after "helped" that state an outcome without an amount: "Helped three apprentices pass".
HELPED_TO: Final = frozenset({"escape", "graduate", "pass", "qualify", "regain", "stay", "survive", "win"})

# Verbs before something that others grant: "Obtained planning permission".
OBTAINED: Final = frozenset({"achieve", "attain", "gain", "get", "got", "obtain", "receive", "regain", "win"})

# Verbs of trade that state an outcome at the start if a sum or share follows: "Negotiated a 15% discount".
DEALS: Final = frozenset({
    "attain", "broker", "clinch", "land", "negotiate", "protect", "recapture", "renegotiate", "sign",
    "source", "win",
})  # fmt: skip

# Verbs that bring a figure to a level: "Pushed coverage to 90%".
MOVES: Final = frozenset({
    "bring", "drive", "force", "get", "got", "keep", "move", "nudge", "propel", "pull", "push", "scale",
    "steer", "take",
})  # fmt: skip

# Verbs before "every target": "Hit every deadline".
REACHED: Final = frozenset({"deliver", "hit", "meet", "reach", "finish", "complete"})

# Verbs before a fault that would have done harm: "Caught a dosage error".
CAUGHT: Final = frozenset({"catch", "detect", "find", "fix", "identify", "intercept", "spot", "trace"})

# Verbs before a finding: "Proved that the alloy fails".
FOUND_OUT: Final = frozenset({
    "confirm", "demonstrate", "establish", "find", "prove", "reveal", "show", "verify",
})  # fmt: skip

# Verbs that state an outcome as a second verb with a definite object: "and kept the star".
JOINED_EFFECTS: Final = frozenset({
    "claim", "discover", "expose", "keep", "overturn", "restore", "retain", "reveal", "solve", "uphold",
})  # fmt: skip

# Verbs after "that" that tell an event if one definite thing follows: "the search that found a child".
FOUND_ONE: Final = frozenset({"find", "give", "spot"})

# Verbs after "that" that tell what a thing or a team does, also in the past: "a script that tracked orders".
ACTIVITIES: Final = frozenset({
    "act", "adapt", "address", "advise", "aim", "allocate", "analyse", "analyze", "apply", "assess",
    "assign", "assist", "audit", "automate", "build", "calculate", "capture", "check", "classify", "coach",
    "communicate", "compare", "compile", "compute", "conduct", "configure", "control", "coordinate",
    "cover", "create", "customize", "deploy", "design", "develop", "direct", "display", "distribute",
    "document", "draft", "edit", "educate", "enforce", "engage", "evaluate", "examine", "execute",
    "explain", "explore", "extract", "facilitate", "feature", "feed", "file", "focus", "forecast",
    "gather", "govern", "guide", "handle", "hold", "host", "illustrate", "implement", "import", "include",
    "inform", "inspect", "install", "instruct", "integrate", "investigate", "lead", "leverage", "load",
    "locate", "log", "maintain", "manage", "map", "market", "match", "measure", "merge", "model",
    "monitor", "notify", "observe", "offer", "operate", "optimise", "optimize", "orchestrate", "organise",
    "organize", "outline", "oversee", "own", "parse", "perform", "plan", "practice", "practise", "predict",
    "prepare", "present", "print", "process", "procure", "produce", "program", "promote", "propose",
    "provide", "publish", "query", "read", "recommend", "record", "recruit", "regulate", "render",
    "repair", "report", "represent", "research", "respond", "retrieve", "review", "route", "run", "sample",
    "scan", "schedule", "screen", "search", "segment", "select", "send", "separate", "serve", "service",
    "set", "share", "show", "simulate", "sort", "source", "specify", "stage", "standardize", "start",
    "store", "streamline", "structure", "study", "submit", "summarize", "supervise", "supply", "support",
    "survey", "synchronize", "target", "teach", "tell", "test", "track", "trade", "train", "transfer",
    "transform", "translate", "transmit", "transport", "travel", "treat", "update", "use", "utilize",
    "validate", "verify", "visualize", "work", "write",
})  # fmt: skip

# Verbs that take a routine away.
REMOVALS: Final = frozenset(
    {"avoid", "cut", "decrease", "eliminate", "halve", "lower", "prevent", "reduce", "shorten"}
)

# Words that open a definite object.
DEFINITE: Final = frozenset(
    {"a", "all", "an", "both", "every", "her", "his", "it", "its", "our", "the", "their", "them"}
)

# Words that are, or follow, the verb of a clause.
AUXILIARIES: Final = frozenset({
    "again", "longer", "now",
})  # fmt: skip

# After these, "and they were happy" states no outcome, but "and the loss was recovered" does.
BE: Final = frozenset({"are", "is", "was", "were"})

# Past tenses of verbs that a person's work does not open with.
HAPPENED: Final = frozenset({
    "agreed", "became", "began", "came", "ceased", "declined", "disappeared", "doubled", "dropped",
    "ended", "fell", "followed", "grew", "halved", "improved", "increased", "lost", "noticed", "ran",
    "returned", "rose", "shrank", "signed", "stayed", "stopped", "survived", "tripled", "vanished", "went",
})  # fmt: skip
