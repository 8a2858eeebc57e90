"""Fonts of one family count once."""

import pytest
from contracts.document import FontUse

from tests.unit.scoring.personas import STRONG, criterion, pdf, report


def families_named(*names: str) -> str:
    fonts = tuple(FontUse(name=name, size=11, characters=500) for name in names)
    return criterion(report(STRONG, signals=pdf(STRONG, fonts=fonts)), "formatting.fonts").reason


@pytest.mark.parametrize(
    "names",
    [
        ("CMR10", "CMBX12", "CMTI10", "CMSY10", "CMMI10", "CMCSC10"),
        ("SFRM1000", "SFBX1200", "SFTI1000", "TCRM1000"),
        ("ECRM1095", "ECBX1095"),
        ("NewCM10-Regular", "NewCM10-Bold"),
        ("LMRoman10-Regular", "LMRoman12-Bold", "LMRomanCaps10-Regular"),
        ("NimbusRomNo9L-Regu", "NimbusRomNo9L-Medi", "NimbusRomNo9L-MediItal"),
        ("Arial", "Arial,Bold", "ArialMT", "Arial-BoldMT"),
        ("HiraginoSans-W3", "HiraginoSans-W6"),
    ],
)
def test_cuts_are_one_family(names: tuple[str, ...]) -> None:
    assert families_named(*names) == families_named("Helvetica")


def test_other_designs_are_other_families() -> None:
    assert families_named("CMR10", "CMSS10", "CMTT10") == families_named("Georgia", "Verdana", "Courier")
