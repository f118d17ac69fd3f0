"""Hits: what of an entry a subject of a case meets, how surely, and how just this pair is named to be cleared."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.eximledger_chaincode.contracts.listing import entry, party
from tests.eximledger_chaincode.rules.cases import CHECKER, MAKER

from eximledger_chaincode.documents import LegalForce, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.hits import Clearing, Directory, Hit, HitBasis, Trait, hit_of
from eximledger_chaincode.lending.screening.subjects import Subject

LIST = WatchList(
    list_id="UN-SC", title="The list", source="its publisher", force=LegalForce.BINDING, edition="7",
    published_on=date(2026, 3, 1), valid_from=date(2026, 3, 2), entries=1, entries_sha256="0" * 64,
)  # fmt: skip
LAGOON = "Blue Lagoon Trading FZE"
AE = {"country": "AE"}
DUBAI = [{"city": "Dubai"}]


def numbered(value: str, scheme: str | None = None, **said: object) -> Subject:
    return party("Rose Garden", identifiers=[{"scheme": scheme, "value": value}], **said)


def having(value: str, scheme: str | None = None, **said: object) -> WatchEntry:
    name = str(said.pop("name", LAGOON))
    return entry("Q-1", name, identifiers=[{"scheme": scheme, "value": value}], **said)


def of(kind: str, **said: object) -> Subject:
    return Subject.model_validate({"kind": kind} | said)


def ship(name: str = "", *numbers: tuple[str, str]) -> Subject:
    said = [{"scheme": scheme, "value": value} for scheme, value in numbers]
    return of("vessel", names=[name] if name else [], identifiers=said)


def listed_ship(name: str = "MERRY STAR", imo: str | None = "9321483", kind: str = "vessel") -> WatchEntry:
    return entry("S-1", name, kind=kind, imo_number=imo)


def met(subject: Subject, listed: WatchEntry, least: int = 88) -> Hit | None:
    return hit_of(subject, listed, "1" * 64, LIST, least)


def told(hit: Hit | None) -> tuple[str, int, str, str, bool] | None:
    return None if hit is None else (hit.basis.value, hit.score, hit.own, hit.entry, hit.certain)


KOREA = entry("KP", "North Korea", kind="country", countries=["KP"])
NAMPO = entry("P", "Nampo", kind="port", ports=["KPNAM", "KPWON"])
CONVERTERS = entry("G", "Static converters", kind="goods", hs_codes=["9306", "8504"])


@pytest.mark.parametrize(
    ("subject", "listed", "found"),
    [
        (of("country", code="KP"), KOREA, ("country", 100, "KP", "North Korea", True)),
        (of("country", code="CN"), KOREA, None),
        (of("country", code="KP"), entry("Q", countries=["KP"]), None),  # somebody there is not all of the country
        (of("port", code="KP"), KOREA, None),
        (of("port", code="KPWON"), NAMPO, ("port", 100, "KPWON", "Nampo", True)),
        (of("port", code="CNSHA"), NAMPO, None),
        (of("goods", code="KPNAM"), NAMPO, None),
        (of("goods", code="8504402000"), CONVERTERS, ("goods", 100, "8504402000", "Static converters", False)),
        (of("goods", code="8501402000"), CONVERTERS, None),
        (of("goods", code="8504402000"), entry("Q"), None),
        (of("port", code="8504402000"), CONVERTERS, None),
        (ship("SEA HOPE", ("IMO", "9321483")), listed_ship(), ("ship", 100, "SEA HOPE", "MERRY STAR", True)),
        (ship("SEA HOPE", ("MMSI", "9321483")), listed_ship(), None),
        (ship("SEA HOPE", ("IMO", "9321483")), listed_ship(imo=None), None),
        (ship("", ("MMSI", "1"), ("IMO", "9321483")), listed_ship(), ("ship", 100, "1", "MERRY STAR", True)),
    ],
)
def test_a_code_and_a_ships_number_leave_no_doubt(subject: Subject, listed: WatchEntry, found: object) -> None:
    assert told(met(subject, listed)) == found


@pytest.mark.parametrize(
    ("subject", "listed", "certain", "traits"),
    [
        # so long, or of a scheme that numbers the world: nobody else's, whatever else is said
        (numbered("123456789012345"), having("123456789012345"), True, ()),
        (numbered("12345678901234"), having("12345678901234"), False, ()),
        (numbered("KUSTDEFFXXX", "BIC"), having("KUSTDEFF", "SWIFT/BIC"), True, ()),
        (numbered("KUSTDEFF", "SWIFT"), having("KUSTDEFF"), True, ()),
        (numbered("KUSTDEFF"), having("KUSTDEFF", "bic"), True, ()),
        (numbered("KUSTDEFF"), having("KUSTDEFF", "SWIFT/BIC"), True, ()),
        (numbered("52990012345", "lei"), having("52990012345"), True, ()),
        (numbered("52990012345", "HRB"), having("52990012345", "LEI"), True, ()),
        (numbered("52990012345", "USCC"), having("52990012345"), True, ()),
        (numbered("9074729"), having("9074729", "IMO"), True, ()),
        # a shorter one with something beside it
        (numbered("HRB 119922", **AE), having("HRB119922"), False, ()),
        (numbered("HRB 119922", **AE), having("HRB119922", countries=["AE"]), True, ("country",)),
        (numbered("HRB 119922", places=["dubai"]), having("HRB119922", places=DUBAI), False, ("place",)),
        (numbered("HRB 119922", names=["Rose", "Blue Lagoon"]), having("HRB119922", aliases=["Lagoon Blue"]), True,
         ("name",)),
        (numbered("HRB 119922", names=["Garden"]), having("HRB119922", name="Garden Sun"), True, ("name",)),  # 80 %
        (numbered("HRB 119922", names=["Konstantinopolsky"]),
         having("HRB119922", name="Konstantinopolsky Nordlicht"), False, ()),  # 79 %
    ],
)  # fmt: skip
def test_a_number_is_one_persons_where_it_is_worldwide_or_more_agrees(
    subject: Subject, listed: WatchEntry, certain: bool, traits: tuple[str, ...]
) -> None:
    hit = met(subject, listed)
    assert told(hit) == ("number", 100, subject.called, listed.name, certain)
    assert hit is not None
    assert hit.traits == tuple(map(Trait, traits))


def test_any_number_of_a_party_is_enough_and_only_its_own() -> None:
    many = party("Rose", identifiers=[{"value": "12"}, {"value": "777777"}, {"value": "HRB 119922"}])
    assert told(met(many, having("HRB119922"))) == ("number", 100, "Rose", LAGOON, False)
    assert met(many, having("12")) is None, "a number that tells nobody"
    assert met(many, having("888888")) is None
    assert met(ship("SEA HOPE", ("IMO", "9321483")), having("9321483")) is None, "a ship's counts for ships"


@pytest.mark.parametrize(
    ("subject", "listed", "least", "found"),
    [
        (party("Lagoon, Blue (Trading)"), entry("Q-1", LAGOON), 100,
         ("name", 100, "Lagoon, Blue (Trading)", LAGOON, False)),
        (party("Nordlicht"), entry("Q-1", "Nordlict"), 88, ("name", 88, "Nordlicht", "Nordlict", False)),
        (party("Nordlicht"), entry("Q-1", "Nordlict"), 89, None),
        (party("Rose Garden"), entry("Q-1", LAGOON), 88, None),
        (of("party"), entry("Q-1", LAGOON), 88, None),
        (party("Rose", names=["Rose", "Nordlicht", "Nordlict"]), entry("Q-1", "Nordlict", aliases=["Nordlicht"]), 88,
         ("name", 100, "Nordlicht", "Nordlicht", False)),  # of equals the first
        (party("Lagoon Blue"), entry("Q-1", "Blue Lagoon", aliases=["Lagoon Blue"]), 88,
         ("name", 100, "Lagoon Blue", "Blue Lagoon", False)),
        (party("Merry Star", identifiers=[{"scheme": "IMO", "value": "5555555"}]), listed_ship(kind="entity"), 88,
         ("name", 100, "Merry Star", "MERRY STAR", False)),  # a firm's own number with the IMO
        (party(LAGOON), entry("Q-1", LAGOON, kind="vessel"), 88, None),
        (party(LAGOON), entry("Q-1", LAGOON, kind="person"), 88, ("name", 100, LAGOON, LAGOON, False)),
        (party("Nicknamed"), entry("Q-1", LAGOON, weak_aliases=["Nicknamed"]), 88, None),
        (party("Nicknamed", country="AT"), entry("Q-1", LAGOON, weak_aliases=["Nicknamed"], countries=["AE"]), 88,
         None),
        (party("Nicknamed", **AE), entry("Q-1", LAGOON, weak_aliases=["Nicknamed"], countries=["AE"]), 88,
         ("name", 100, "Nicknamed", "Nicknamed", False)),
        (party("Nicknamed", **AE), entry("Q-1", LAGOON, weak_aliases=["Nicknamed"], places=[{"country": "AE"}]), 88,
         ("name", 100, "Nicknamed", "Nicknamed", False)),
        # a ship: by the very name, unless both are numbered
        (ship("Merry Star"), listed_ship(), 88, ("name", 100, "Merry Star", "MERRY STAR", False)),
        (ship("Merry Staar"), listed_ship(), 88, None),
        (ship("Merry Star"), listed_ship(kind="entity"), 88, ("name", 100, "Merry Star", "MERRY STAR", False)),
        (ship("Merry Star"), listed_ship(imo=None), 88, ("name", 100, "Merry Star", "MERRY STAR", False)),
        (ship("Merry Star"), listed_ship(imo=None, kind="entity"), 88, None),
        (ship("Merry Star", ("IMO", "9074729")), listed_ship(), 88, None),
        (ship("Merry Star", ("MMSI", "1"), ("IMO", "9074729")), listed_ship(), 88, None),
        (ship("Merry Star", ("MMSI", "1")), listed_ship(), 88, ("name", 100, "Merry Star", "MERRY STAR", False)),
        (ship("Merry Star", ("IMO", "9074729")), listed_ship(imo=None), 88,
         ("name", 100, "Merry Star", "MERRY STAR", False)),
    ],
)  # fmt: skip
def test_a_name(subject: Subject, listed: WatchEntry, least: int, found: object) -> None:
    assert told(met(subject, listed, least)) == found


@pytest.mark.parametrize(
    ("said", "of_entry", "traits"),
    [
        ({}, {"countries": ["AE"], "places": DUBAI}, ()),
        ({"country": "AE"}, {"countries": ["KP", "AE"]}, ("country",)),
        ({"country": "AE"}, {"places": [{"country": "AE"}]}, ("country",)),
        ({"country": "AE"}, {"countries": ["KP"], "places": [{"country": "AT"}]}, ()),
        ({"places": ["dubai"]}, {"places": [{"city": "DUBAI"}]}, ("place",)),
        ({"places": ["a 1010"]}, {"places": [{"city": "Wien", "postal_code": "A-1010"}]}, ("place",)),
        ({"places": ["a 1010"]}, {"places": [{"city": "Linz", "postal_code": "4020"}]}, ()),
        ({"country": "AE", "places": ["dubai"]}, {"places": [{"city": "Dubai", "country": "AE"}]},
         ("country", "place")),
        ({"names": [LAGOON, "Rose"]}, {"aliases": ["Rose"]}, ("name",)),
        ({"names": [LAGOON, "Blue Lagoon"]}, {"aliases": ["Rose"]}, ()),
        ({"names": [LAGOON, "Rosenburg"]}, {"aliases": ["Rosenberg"]}, ()),  # near is no other name of its own
        ({"names": [LAGOON, "Rose"], "country": "AE"}, {"weak_aliases": ["Rose"], "countries": ["AE"]},
         ("country", "name")),
        ({"names": [LAGOON, "Rose"]}, {"weak_aliases": ["Rose"], "countries": ["AE"]}, ()),
    ],
)  # fmt: skip
def test_what_agrees_beside_a_name(said: dict[str, object], of_entry: dict[str, object], traits: object) -> None:
    hit = met(party(LAGOON, **said), entry("Q-1", LAGOON, **of_entry))
    assert hit is not None
    assert hit.traits == traits


def hit(**said: object) -> Hit:
    sound = {
        "subject": "2" * 64, "own": "Blue", "list_id": "UN-SC", "force": "binding", "entry_id": "Q-1",
        "entry": LAGOON, "entry_sha256": "1" * 64, "basis": "name", "score": 100,
    }  # fmt: skip
    return Hit.model_validate(sound | said)


def test_a_hit_tells_of_its_entry_so_much_as_fits() -> None:
    long = "Blues " * 100 + "Lagoon"
    found = met(party(long), entry("Q-7", LAGOON, aliases=[long[:500]], programmes=[f"R {n}" for n in range(9)]), 75)
    assert found is not None
    assert (found.own, found.entry, found.programmes) == (long[:500], long[:500], tuple(f"R {n}" for n in range(5)))
    assert (found.list_id, found.force, found.entry_id) == ("UN-SC", LegalForce.BINDING, "Q-7")
    assert (found.subject, found.entry_sha256, found.basis) == (party(long).digest, "1" * 64, HitBasis.NAME)


@pytest.mark.parametrize(
    ("certain", "score", "traits", "same"),
    [
        (True, 100, (), True),
        (False, 100, ("country", "place"), True),
        (False, 100, ("country", "name"), True),
        (False, 99, ("country", "place"), False),
        (False, 100, ("country",), False),
        (False, 100, ("place", "name"), False),
        (False, 100, (), False),
    ],
)
def test_whom_a_list_means_for_certain(certain: bool, score: int, traits: tuple[str, ...], same: bool) -> None:
    assert hit(certain=certain, score=score, traits=traits).is_the_same is same


def clearing(**said: object) -> Clearing:
    at = datetime(2026, 4, 2, tzinfo=UTC)
    sound = {"hit": hit(), "loan_id": "L-1", "reason": "a bakery", "proposed_by": MAKER, "proposed_at": at}
    return Clearing.model_validate(sound | said)


def test_a_clearing_is_of_one_subject_and_one_entry_as_both_are() -> None:
    """Whatever else a search told of the pair; and a list's edition alone makes no other of it."""
    others = [{"list_id": "UN-XX"}, {"entry_id": "Q-2"}, {"entry_sha256": "3" * 64}, {"subject": "4" * 64}]
    keys = {hit(**said).key for said in [{}, *others]}
    assert len(keys) == 5
    assert hit(own="Rose", entry="Blue", score=90, traits=["country"]).key == hit().key == clearing().key


def test_a_second_person_names_all_that_the_first_one_said() -> None:
    others: list[dict[str, object]] = [
        {"hit": hit(entry_id="Q-2")},
        {"loan_id": "L-2"},
        {"reason": "a mill"},
        {"proposed_by": CHECKER},
    ]
    assert len({clearing(**said).sha256 for said in [{}, *others]}) == 5
    later = clearing(proposed_at=datetime(2026, 4, 3, tzinfo=UTC), confirmed_by=CHECKER)
    assert later.sha256 == clearing().sha256


def test_a_directory_names_the_lists_of_both_sorts() -> None:
    def record(heading: WatchList) -> dict[str, object]:
        return {
            "kind": heading.KIND, "id": heading.id, "number": heading.number, "version": 1, "issuer": "SafeMSP",
            "written_by": "officer", "written_at": "2026-09-01T00:00:00Z", "filed_at": "2026-09-01T00:00:00Z",
            "transaction_id": "t", "sha256": "0" * 64, "document": heading.model_dump(mode="json"),
        }  # fmt: skip

    own = {**LIST.model_dump(mode="json"), "kind": "own-watch-list", "list_id": "HAUS-9", "force": "internal"}
    both = Directory.model_validate(
        {"shared": [record(LIST)], "own": [{**record(LIST), "kind": "own-watch-list", "document": own}]}
    )
    assert [each.list_id for each in both.headings] == ["UN-SC", "HAUS-9"]
