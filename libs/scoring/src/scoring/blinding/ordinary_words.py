"""Words that are also names. A capital alone does not make a name of them."""

from typing import Final

# Written with a capital in any sentence: months, places, products, titles. Even "the May report" is no name.
ALWAYS_CAPITALISED: Final = frozenset(
    (  # noqa: SIM905 - one word a line would take pages
        "access ada adobe amazon america analyst apple apr april architect asia assistant associate aug "
        "august austin autumn barclays boston cambridge canon carolina chad chef china consultant "
        "crystal dakota dallas dart dec dell designer developer director elixir engineer england english "
        "excel fargo feb florence ford france french georgia german germany head hitachi holland honda "
        "houston india intern ireland irish israel jackson jan java jenkins jordan jul julia july jun "
        "june kent lancaster lead lincoln lloyds london madison manager mar may montana morgan nov oct "
        "office officer oracle oxford paris partner pascal perl phoenix power president preston python "
        "ruby sage savannah scala scientist scotland scott sep sept siemens sony specialist spring "
        "stanford summer suzuki swift sydney teams toyota victoria virginia visual wales washington "
        "wells welsh winter word york "
    ).split()
)
# Usual in resumes as ordinary words, also with a capital: "Will", "Grant writing", "Green Belt".
ORDINARY: Final = ALWAYS_CAPITALISED | frozenset(
    (  # noqa: SIM905 - see above
        "a able account al amber an and angel applicant archer art ash bank banks bay beach bell best "
        "bill bin black blue bond book brand brave bridge bright brook brooks brown bush business "
        "candidate care case cash chance charity chase clay clear close cloud coach cook court cross da "
        "data day de dean del demo den der design development di do dos drew du earl early east el ever "
        "example fair faith field fields finance first fisher flower forest foster fox frank free "
        "freedom friend gates gene general gold golden good grace grand grant grants gray green hall "
        "hand harbor hardy head heart high hill home hope house hunter ice in jack joy judge junior just "
        "justice key king knight la lake land lane law le little long lord love low major mark market marks "
        "marsh master max media mercy merit miller mine mint model moon moore name network new newman "
        "noble north oak ocean of olive on open orange page palm park parks pat peace pearl plan power "
        "price pride prime prince pro process product program programme project public quality queen "
        "rain ray read report research rice rich ring river rock rose royal rush sales sample sand "
        "school security senior service services sharp short silver skip sky small smart snow so social "
        "son south spark sparks st star steel step sterling stone story street strong sue summer sun "
        "support surname system team temple ten test tester the till to tower town trace travel tree "
        "trinity true trust turn unknown user van violet von wall ward water waters way webb well west "
        "white wild will wills win wind winner wise wonder wood woods work worth yard young "
    ).split()
)
# Ordinary words in small letters, and with a capital rarely anything but a name.
SMALL: Final = ORDINARY | frozenset(
    (  # noqa: SIM905 - see above
        "abbot bailey baker ball barber barker barrow bass bean bear beck becker bird bishop bloom bolt "
        "booth bowl brewer buck bud bull burn burns butcher butler cannon carpenter carter castle "
        "chandler church cliff coal cole coleman constant cooper cox crane crow curry curtis dale dawn "
        "deck destiny dick dock duke edge ernest eve fan farmer farrow finch foot fowler freeman frost "
        "garden gardener garland gill glass glory graves grey grove guest guy hands hare harmony harper "
        "hart haven hawk hay hayes hazel heath heaven herb hob holly honor hood hook horn howl hunt iris "
        "ivory ivy jade jay jean jet jewel kit lamb lark laurel lawn lawyer lay leaf lee liberty lily "
        "link lock luck lucky man mann marble march marshal marshall mason mat merchant merry miles mill "
        "mills mist moss nice night norm novak paige painter parish parker parsons patience paul peak "
        "pepper piper pitt poll pond pool poole poor pope porter potter prior prosper prudence ralph ram "
        "randy raven reed reeve regal remy ride rider rob robin rod roller root rosemary rowan rusty "
        "sail sands sandy savage sawyer serenity shepherd singer slate smith song springer stark stein "
        "stem steward storm sugar sunny swan tab tailor tanner taylor thorn tiger tim timber todd tracy "
        "trip tucker turner vale vet vine wade wait walker warden warner weaver wheeler wolf wright "
    ).split()
)
# What follows a Japanese surname that is the name of a place, too.
PLACE_ENDINGS: Final = "県|府|都|市|区|町|村|駅|港|支店|支社|営業所|工場|大学|高校|高等学校|地方|エリア|銀行"
# Parts of e-mail addresses that name no person.
NO_PERSON: Final = frozenset(
    (  # noqa: SIM905 - see above
        "admin business career careers contact cv data developer engineer example hello hire hiring home "
        "info job jobs mail mailbox me mono my note office person portfolio private recruit recruiting "
        "resume "
        "sales service studio support team test the user web webmaster work"
    ).split()
)
