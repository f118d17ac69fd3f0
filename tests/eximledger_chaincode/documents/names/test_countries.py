"""The country that a text of a paper ends in."""

from __future__ import annotations

import pycountry
import pytest

from eximledger_chaincode.documents.parts.names.countries import country_named


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nampo, North Korea", "KP"), ("PYONGYANG DPRK", "KP"), ("Tehran - Iran", "IR"), ("TEHRAN, I.R. IRAN", "IR"),
        ("Dubai U.A.E.", "AE"), ("London UK", "GB"), ("Seoul, Republic of Korea", "KR"), ("Pusan, Korea", None),
        ("Korea, Democratic People's Republic of", "KP"), ("Tehran, Iran 11369", "IR"), ("Havana Cuba TEL +53 7", "CU"),
        ("朝鲜平壤市", "KP"), ("Juba, South Sudan", "SS"), ("Port Moresby, Papua New Guinea", "PG"), ("Hamburg", None),
        ("Albuquerque, New Mexico", None), ("Atlanta, Georgia", None), ("Iran Street 5, Vienna", None), ("", None),
        (None, None), ("123", None), ("Damascus, Syrian Arab Republic", "SY"), ("Belfast, Northern Ireland", "GB"),
    ],
)  # fmt: skip
def test_a_country_is_told_by_its_whole_name_at_the_end(text: str | None, code: str | None) -> None:
    assert country_named(text) == code


def test_every_country_is_told_by_its_names_but_those_that_are_regions_elsewhere() -> None:
    for country in pycountry.countries:
        wanted = None if country.name in {"Georgia", "Jersey"} else country.alpha_2
        assert country_named(f"12 Main Street, {country.name}") == wanted, country.name
