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
    "add", "allow", "collect", "complete", "contribute", "convert", "deliver", "detect", "drive", "enable",
    "find", "generate", "get", "give", "go", "help", "keep", "lead", "let", "make", "mean", "meet", "open",
    "pay", "receive", "return", "spot", "take",
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
VAGUE_OPENINGS: Final = frozenset({"accelerate", "expand", "generate", "improve"})

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
    "collect", "deliver", "discover", "find", "fundraise", "identify", "negotiate", "obtain",
})  # fmt: skip

# Words that are, or follow, the verb of a clause.
AUXILIARIES: Final = frozenset({
    "again", "are", "can", "could", "had", "has", "have", "is", "longer", "now", "was", "were",
})  # fmt: skip

# Past tenses of verbs that a person's work does not open with.
HAPPENED: Final = frozenset({
    "agreed", "came", "declined", "disappeared", "doubled", "dropped", "ended", "fell", "followed", "grew",
    "halved", "improved", "increased", "returned", "rose", "shrank", "stopped", "survived", "tripled",
    "vanished", "went",
})  # fmt: skip
