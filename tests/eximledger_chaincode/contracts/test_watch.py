"""watch: lists filed in parts, valid at once or not at all, superseded, and read by keys alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.listing import Edition, entry, lists, party, screened
from tests.eximledger_chaincode.contracts.trade import APPLIED, EXIMBANK, OFFICER, SAFE, STRANGER, TRADEBANK
from tests.eximledger_chaincode.contracts.vaults import in_the_open
from tests.hlf_chaincode.memory_peer import MemoryLedger, identity

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.contracts.watchlists import filing, searching
from eximledger_chaincode.documents import LegalForce, WatchEntry
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.parts import MAX_PART
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

LAGOON = party("Blue Lagoon Trading FZE")
MANY = tuple(entry(f"E{number:05}", f"Firm{number:05} Quux{number % 7}") for number in range(1201))
"""Three parts, of which the last is one entry."""


@pytest.fixture
async def ledger() -> MemoryLedger:
    return await trade.founded("customs", "fx", "bank")


async def test_a_list_holds_once_it_is_whole_and_not_before(ledger: MemoryLedger) -> None:
    edition = Edition.of(entry("Q-1"), *MANY)
    await edition.begin(ledger)
    with pytest.raises(Refused, match=r"not whole: 4 parts are missing, first entries 0"):
        await edition.activate(ledger)
    await edition.store(ledger)
    found = await screened(ledger, LAGOON)
    assert (found.hits, found.lists) == ((), ()), "an edition that was not activated counts"
    await edition.activate(ledger)
    found = await screened(ledger, LAGOON, party(MANY[777].name))
    assert {hit.entry_id for hit in found.hits if hit.score == 100} == {MANY[777].entry_id, "Q-1"}
    assert [(each.document.list_id, each.version) for each in found.lists] == [("UN-SC", 1)]
    assert found.lists[0].document == edition.heading


async def test_who_was_interrupted_hears_what_is_missing_and_goes_on(ledger: MemoryLedger) -> None:
    edition = Edition.of(*MANY)
    begun = await edition.begin(ledger)
    assert isinstance(begun, dict)
    assert (begun["missing_entries"], begun["missing_index"]) == ([0, 1, 2], [0])
    await ledger.submit(SAFE, "fx", "watch:entries", edition.filing, 1, edition.part(1))
    begun = await edition.begin(ledger)
    assert isinstance(begun, dict)
    assert begun["missing_entries"] == [0, 2]
    await edition.store(ledger)
    await edition.activate(ledger)
    again = await ledger.endorse(SAFE, "fx", "watch:activate", edition.filing)
    assert again.writes == {}
    for function, content in (("entries", edition.part(0)), ("index", edition.buckets(0))):
        again = await ledger.endorse(SAFE, "fx", f"watch:{function}", edition.filing, 0, content)
        assert again.writes == {}, function


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rows: "", "the index is not what its entries give"),
        (lambda rows: rows.split("\n", 1)[1], "the index is not what its entries give"),
        (lambda rows: rows.replace("blue", "bleu"), "no bucket|key of another bucket|the index"),
        (lambda rows: rows + rows, "no bucket"),
        (lambda rows: rows.replace("\t0\t", "\t00\t"), "no bucket"),
    ],
)  # fmt: skip
async def test_an_index_that_leaves_somebody_out_never_holds(ledger: MemoryLedger, spoil, why: str) -> None:  # type: ignore[no-untyped-def]  # one of the above
    edition = Edition.of(entry("Q-1"))
    await edition.begin(ledger)
    await ledger.submit(SAFE, "fx", "watch:entries", edition.filing, 0, edition.part(0))
    spoilt = {number: spoil(rows) for number, rows in edition.buckets(0).items()}

    async def file() -> None:
        await ledger.submit(SAFE, "fx", "watch:index", edition.filing, 0, spoilt)
        await edition.activate(ledger)

    with pytest.raises((Refused, InvalidDocument), match=why):
        await file()
    assert (await screened(ledger, LAGOON)).hits == ()


async def test_entries_that_the_heading_does_not_name_never_hold(ledger: MemoryLedger) -> None:
    honest = Edition.of(entry("Q-1"), entry("Q-2", "Somebody Else"))
    changed = replace(honest, entries=(entry("Q-1", "Harmless"), entry("Q-2", "Somebody Else")))
    await honest.begin(ledger)
    await changed.store(ledger)
    with pytest.raises(Refused, match="not those that its heading names"):
        await honest.activate(ledger)
    for entries, why in (
        (honest.entries[:1], "has 2 entries, not 1"),
        (honest.entries[::-1], "in the order of their ids"),
        ((honest.entries[0], honest.entries[0]), "in the order of their ids"),
    ):
        with pytest.raises((Refused, InvalidDocument), match=why):
            await ledger.submit(SAFE, "fx", "watch:entries", honest.filing, 0, list(entries))
    with pytest.raises(Refused, match="has 0 entries"):
        await ledger.submit(SAFE, "fx", "watch:entries", honest.filing, 7, list(honest.entries))


async def test_parts_in_one_order_alone(ledger: MemoryLedger) -> None:
    """An entry that stands in two parts would be counted twice."""
    edition = Edition.of(*MANY)
    swapped = replace(edition, entries=(*MANY[MAX_PART : 2 * MAX_PART], *MANY[:MAX_PART], *MANY[2 * MAX_PART :]))
    await edition.begin(ledger)
    await swapped.store(ledger)
    with pytest.raises(Refused, match="comes before one of an earlier part"):
        await edition.activate(ledger)


async def test_the_next_edition_takes_the_place_of_the_last_from_its_day(ledger: MemoryLedger) -> None:
    first, tomorrow = Edition.of(entry("Q-1")), APPLIED + timedelta(days=1)
    second = Edition.of(entry("Q-2", "Somebody Else"), edition="2", valid_from=tomorrow)
    await first.file(ledger)
    await second.file(ledger)
    assert len((await screened(ledger, LAGOON)).hits) == 1, "the next edition holds before its day"
    with pytest.raises(Refused, match="it is not discarded"):
        await ledger.submit(SAFE, "fx", "watch:discard", first.filing, 0)
    ledger.now += timedelta(days=1)
    found = await screened(ledger, LAGOON, party("Somebody Else"))
    assert [(hit.entry_id, hit.list_id) for hit in found.hits] == [("Q-2", "UN-SC")]
    assert found.lists[0].version == 2
    late = Edition.of(entry("Q-3"), edition="1b", valid_from=APPLIED)
    with pytest.raises(Refused, match="would never"):
        await late.begin(ledger)
    third = Edition.of(entry("Q-3", "A Third"), edition="3", valid_from=tomorrow)
    await third.file(ledger)
    assert [each.edition for each in (await lists(ledger)).headings] == ["3"]
    for old in (first, second):
        assert await ledger.submit(SAFE, "fx", "watch:discard", old.filing, 0) == 0
    left = {key for _, key in ledger.channels["fx"].values if old.filing in key or first.filing in key}
    assert left == set()
    assert [hit.entry_id for hit in (await screened(ledger, party("A Third"))).hits] == ["Q-3"]


async def test_foreign_lists_are_off_until_they_are_asked_for(ledger: MemoryLedger) -> None:
    await Edition.of(entry("F-1"), list_id="OFAC-SDN", force=LegalForce.FOREIGN).file(ledger)
    assert (await screened(ledger, LAGOON)).lists == ()
    assert len((await screened(ledger, LAGOON, foreign=["OFAC-SDN"])).hits) == 1


async def test_who_may_file(ledger: MemoryLedger) -> None:
    shared, own = Edition.of(entry("Q-1")), Edition.of(entry("Q-1"), own=True, force=LegalForce.INTERNAL)
    for who in (EXIMBANK, OFFICER, STRANGER):
        with pytest.raises(NotAuthorized):
            await shared.begin(ledger, who)
    for who in (SAFE, OFFICER, STRANGER):
        with pytest.raises(NotAuthorized):
            await own.begin(ledger, who)
    await shared.begin(ledger)
    await shared.store(ledger)
    with pytest.raises(NotAuthorized):
        await shared.activate(ledger, EXIMBANK)
    for channel, edition in (("bank", shared), ("fx", own)):
        with pytest.raises(Refused, match="is filed on channel"):
            await ledger.submit(EXIMBANK, channel, "watch:begin", edition.heading)
    for who, document in ((SAFE, shared.heading), (EXIMBANK, own.heading)):
        with pytest.raises(Refused, match="filed in parts"):
            await ledger.submit(
                who, shared.channel if who is SAFE else "bank", "documents:put", document.KIND, document
            )


async def test_a_banks_own_list_stays_its_own(ledger: MemoryLedger) -> None:
    secret = entry("IN-77", "Quillfeather Import Export", aliases=("Federkiel Handel",))
    own = Edition.of(secret, own=True, force=LegalForce.INTERNAL, list_id="HAUS-9")
    await own.file(ledger, EXIMBANK)
    answer = await ledger.endorse(EXIMBANK, "bank", "watch:own", [party(secret.name)], [], 88)
    assert [hit.entry_id for hit in Screened.model_validate_json(answer.result).hits] == ["IN-77"]
    answer = await ledger.endorse(TRADEBANK, "bank", "watch:own", [party(secret.name)], [], 88)
    assert Screened.model_validate_json(answer.result) == Screened()
    for function, arguments in (
        ("watch:lists", ("EximbankMSP",)),
        ("watch:entry", ("HAUS-9", "IN-77", "EximbankMSP")),
        ("watch:own", ([party(secret.name)], [], 88, "EximbankMSP")),
    ):
        for who in (TRADEBANK, STRANGER):
            with pytest.raises(NotAuthorized):
                await ledger.endorse(who, "bank", function, *arguments)
    assert (await lists(ledger, "bank", SAFE, "EximbankMSP")).own[0].document == own.heading
    seen = in_the_open(ledger).lower()
    for said in ("quillfeather", "federkiel", "in-77", "haus-9", own.filing, own.heading.entries_sha256):
        assert said.encode() not in seen, said


async def test_an_entry_is_shown_by_its_id(ledger: MemoryLedger) -> None:
    edition = Edition.of(*MANY)
    await edition.file(ledger)
    answer = await ledger.endorse(TRADEBANK, "fx", "watch:entry", "UN-SC", "E00777")
    assert WatchEntry.model_validate_json(answer.result) == MANY[777]
    for list_id, entry_id in (("UN-SC", "E09999"), ("UN-XX", "E00777")):
        with pytest.raises(NotFound):
            await ledger.endorse(TRADEBANK, "fx", "watch:entry", list_id, entry_id)


async def test_a_case_reads_the_keys_of_its_own_words(ledger: MemoryLedger) -> None:
    """As many from a list of a thousand entries as from one of ten, but for the entries that are like it."""
    read = []
    for entries in (MANY[:10], MANY):
        await Edition.of(*entries, list_id=f"L{len(entries)}", force=LegalForce.FOREIGN).file(ledger)
        asked = [party("Harmless Bakery Ltd"), party("Windmill Flour Mills"), party("Drei Birken Apotheke")]
        answer = await ledger.endorse(EXIMBANK, "fx", "watch:listed", asked, [f"L{len(entries)}"], 88)
        read.append(len(answer.reads))
    assert read[1] <= 2 + 3 * 3, read
    assert read[0] <= read[1]


async def test_a_bucket_stands_in_its_part_and_a_key_in_its_bucket(ledger: MemoryLedger) -> None:
    edition = Edition.of(*MANY[:30])
    first, second = edition.buckets(0)[0], edition.buckets(0)[1]
    await edition.begin(ledger)
    for part, buckets, why in (
        (1, {}, "has no part 1"),
        (0, {2: first}, "bucket 2 stands in another part"),
        (0, {100: first}, "bucket 100 stands in another part"),
        (0, {0: second, 1: first}, "holds a key of another bucket"),
        (0, {0: first, 1: second + "n=z"}, "is no bucket"),
    ):
        with pytest.raises((Refused, InvalidDocument), match=why):
            await ledger.submit(SAFE, "fx", "watch:index", edition.filing, part, buckets)
    await ledger.submit(SAFE, "fx", "watch:entries", edition.filing, 0, edition.part(0))
    with pytest.raises(Refused, match="index 0"):
        await edition.activate(ledger)


async def test_an_index_of_more_than_one_part(ledger: MemoryLedger) -> None:
    many = [entry(f"E{number:05}", f"Firm{number:05}") for number in range(1_548)]
    edition = Edition.of(*many)
    await edition.begin(ledger)
    with pytest.raises(Refused, match="bucket 128 stands in another part of the index than 0"):
        await ledger.submit(SAFE, "fx", "watch:index", edition.filing, 0, edition.buckets(1))
    await edition.store(ledger)
    await edition.activate(ledger)
    found = await screened(ledger, party(many[-1].name))
    assert many[-1].entry_id in {hit.entry_id for hit in found.hits if hit.score == 100}


async def test_nothing_is_added_to_an_edition_that_stands(ledger: MemoryLedger) -> None:
    edition = Edition.of(entry("Q-1"))
    await edition.file(ledger)
    with pytest.raises(Refused, match="stands as version 1: nothing is added"):
        await ledger.submit(SAFE, "fx", "watch:entries", edition.filing, 0, [entry("Q-1", "Harmless")])
    begun = await edition.begin(ledger)
    assert isinstance(begun, dict)
    assert (begun["version"], begun["missing_entries"], begun["heading"]["edition"]) == (1, [], "1")
    assert (begun["begun_by"], begun["filing"]) == ({"msp_id": "SafeMSP", "name": "officer"}, edition.filing)
    assert len((await screened(ledger, LAGOON)).hits) == 1


async def test_no_step_of_what_was_not_begun(ledger: MemoryLedger) -> None:
    unknown = Edition.of(entry("Q-1"))
    steps = [("entries", 0, unknown.part(0)), ("index", 0, unknown.buckets(0)), ("activate",), ("discard", 0)]
    for function, *arguments in steps:
        with pytest.raises(NotFound, match="no list is being filed as"):
            await ledger.submit(SAFE, "fx", f"watch:{function}", unknown.filing, *arguments)


async def test_what_holds_no_longer_is_taken_away_so_much_at_a_time(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MAX_DISCARDED", 100)
    edition = Edition.of(*MANY)
    await edition.begin(ledger)
    await edition.store(ledger)
    whole = 61 + 128 + 3 + 1  # blocks, buckets, parts of entries and of the index
    assert len([key for _, key in ledger.channels["fx"].values if edition.filing in key]) == whole + 1
    assert await ledger.submit(SAFE, "fx", "watch:discard", edition.filing, 0) == 100
    left = [key for _, key in ledger.channels["fx"].values if edition.filing in key]
    assert len(left) == whole + 1 - 100
    assert await ledger.submit(SAFE, "fx", "watch:discard", edition.filing, 100) == 0
    assert not [key for _, key in ledger.channels["fx"].values if edition.filing in key]


async def test_one_list_stands_in_no_others_way(ledger: MemoryLedger) -> None:
    """Whichever was filed first, each holds by its own days and is told in the order of their ids."""
    yesterday = APPLIED - timedelta(days=1)
    later = Edition.of(entry("U-1", "Somebody Else"), list_id="UN-SC")
    await later.file(ledger)
    await Edition.of(entry("M-1"), list_id="MOFCOM-UEL", valid_from=yesterday).file(ledger)
    await Edition.of(entry("M-2"), list_id="MOFCOM-UEL", edition="2").file(ledger)
    tomorrow = APPLIED + timedelta(days=1)
    await Edition.of(entry("M-3"), list_id="MOFCOM-UEL", edition="3", valid_from=tomorrow).file(ledger)
    held = await lists(ledger)
    assert [(each.list_id, each.edition) for each in held.headings] == [
        ("MOFCOM-UEL", "2"), ("MOFCOM-UEL", "3"), ("UN-SC", "1"),
    ]  # fmt: skip
    found = await screened(ledger, LAGOON, party("Somebody Else"))
    assert [hit.entry_id for hit in found.hits] == ["M-2", "U-1"]


async def test_of_two_editions_of_one_day_the_one_filed_last_holds(ledger: MemoryLedger) -> None:
    for number in (1, 2):
        await Edition.of(entry(f"Q-{number}"), edition=str(number)).file(ledger)
    assert [hit.entry_id for hit in (await screened(ledger, LAGOON)).hits] == ["Q-2"]
    assert [each.edition for each in (await lists(ledger)).headings] == ["2"]


async def test_an_edition_that_is_overtaken_never_holds(ledger: MemoryLedger) -> None:
    """Begun and stored before the next one held."""
    late = Edition.of(entry("Q-1"), edition="1", valid_from=APPLIED - timedelta(days=1))
    await late.begin(ledger)
    await late.store(ledger)
    await Edition.of(entry("Q-2"), edition="2").file(ledger)
    with pytest.raises(Refused, match="would never"):
        await late.activate(ledger)
    assert [hit.entry_id for hit in (await screened(ledger, LAGOON)).hits] == ["Q-2"]


async def test_a_list_is_its_bureaus_own() -> None:
    other = identity("ShanghaiMSP", "officer")
    members = [*trade.MEMBERS, {"msp_id": "ShanghaiMSP", "name": "SAFE Shanghai", "role": "fx-bureau"}]
    ledger = MemoryLedger(exim(), ("fx",), collections=trade.collection)
    await ledger.submit(SAFE, "fx", "consortium:configure", members, trade.FLOORS)
    edition, second = Edition.of(entry("Q-1")), Edition.of(entry("Q-1", "Harmless"), edition="2")
    unfinished = Edition.of(entry("Q-9"), list_id="UN-XX")
    await edition.file(ledger)
    await unfinished.begin(ledger)
    with pytest.raises(NotAuthorized, match="is filed by SafeMSP: only it amends it"):
        await second.begin(ledger, other)
    with pytest.raises(NotAuthorized, match="was filed by SafeMSP: only it discards it"):
        await ledger.submit(other, "fx", "watch:discard", unfinished.filing, 0)


async def test_nobody_files_a_list_without_a_name(ledger: MemoryLedger) -> None:
    edition = Edition.of(entry("Q-1"))
    await edition.begin(ledger)
    with pytest.raises(NotAuthorized, match="names nobody"):
        await edition.store(ledger, identity("SafeMSP", ""))


async def test_a_heading_says_of_which_kind_it_is(ledger: MemoryLedger) -> None:
    """No bank's own list is taken for one of SAFE's because it left its kind out."""
    edition = Edition.of(entry("Q-1"))
    await edition.begin(ledger)
    heading = edition.heading.model_dump(mode="json")
    del heading["kind"]
    with pytest.raises(InvalidDocument, match="heading"):
        await ledger.submit(SAFE, "fx", "watch:begin", heading)


async def test_each_query_on_its_own_channel(ledger: MemoryLedger) -> None:
    subjects = [LAGOON]
    for channel, function, arguments in (
        ("bank", "watch:listed", (subjects, [], 88)), ("fx", "watch:own", (subjects, [], 88)),
        ("customs", "watch:lists", ()), ("customs", "watch:entry", ("UN-SC", "Q-1")),
    ):  # fmt: skip
        with pytest.raises(Refused):
            await ledger.endorse(EXIMBANK, channel, function, *arguments)
    edition = Edition.of(entry("Q-1"))
    with pytest.raises(Refused):
        await ledger.submit(OFFICER, "customs", "watch:activate", edition.filing)


async def test_an_entry_is_shown_of_the_edition_that_holds(ledger: MemoryLedger) -> None:
    """Of the list that is named, foreign or not; of a bank's own for the bank."""
    await Edition.of(entry("Q-1", "Somebody"), list_id="OFAC-SDN", force=LegalForce.FOREIGN).file(ledger)
    await Edition.of(entry("Q-1", "Another")).file(ledger)
    tomorrow = APPLIED + timedelta(days=1)
    await Edition.of(entry("Q-1", "Not Yet"), edition="2", valid_from=tomorrow).file(ledger)
    await Edition.of(entry("Q-1", "Own"), own=True, force=LegalForce.INTERNAL, list_id="HAUS-9").file(ledger, EXIMBANK)

    async def name(channel: str, list_id: str) -> str:
        answer = await ledger.endorse(EXIMBANK, channel, "watch:entry", list_id, "Q-1")
        return WatchEntry.model_validate_json(answer.result).name

    assert await name("fx", "OFAC-SDN") == "Somebody"
    assert await name("fx", "UN-SC") == "Another"
    assert await name("bank", "HAUS-9") == "Own"


async def test_of_too_many_hits_the_surest_are_told(ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_HITS", 2)
    entries = (
        entry("A", "Blue Lagoon Tradings FZE"), entry("B", "Lagoon Blue Trading FZE"), entry("C", "Blue Lagune"),
        entry("D", LAGOON.names[0]), entry("E", kind="country", name="Nowhere", countries=("KP",)),
    )  # fmt: skip
    await Edition.of(*entries).file(ledger)
    own = Edition.of(*entries, own=True, force=LegalForce.INTERNAL, list_id="HAUS-9")
    await own.file(ledger, EXIMBANK)
    country = Subject.model_validate({"kind": "country", "code": "KP"})
    found = await screened(ledger, LAGOON, country)
    answer = await ledger.endorse(EXIMBANK, "bank", "watch:own", [LAGOON, country], [], 88)
    of_own = Screened.model_validate_json(answer.result)
    for each in (found, of_own):
        assert ([hit.entry_id for hit in each.hits], each.omitted) == (["B", "E"], 2)
    assert [record.document.list_id for record in of_own.own_lists] == ["HAUS-9"]
    assert (await screened(ledger, country)).omitted == 0


async def test_each_list_is_searched_and_each_of_its_blocks(ledger: MemoryLedger) -> None:
    """The entry that is meant, not its neighbour: of either list, in the first block and in the last."""
    await Edition.of(*MANY, list_id="MOFCOM-UEL").file(ledger)
    await Edition.of(*(entry(f"U{number:03}", f"Ship{number:03} Quux") for number in range(41)), entry("U9")).file(
        ledger
    )
    asked = [party(MANY[0].name), party(MANY[-1].name), party("Ship020 Quux"), party("Ship019 Quux"), LAGOON]
    found = await screened(ledger, *asked)
    assert {(hit.list_id, hit.entry_id) for hit in found.hits if hit.score == 100} == {
        ("MOFCOM-UEL", "E00000"), ("MOFCOM-UEL", "E01200"), ("UN-SC", "U020"), ("UN-SC", "U019"), ("UN-SC", "U9"),
    }  # fmt: skip


async def test_who_has_two_names_is_found_by_either_and_by_the_least_alike_that_counts(ledger: MemoryLedger) -> None:
    await Edition.of(entry("Q-1"), entry("Q-2", "Nordlicht Handels")).file(ledger)
    two = party("Harmless", names=["Harmless", "Nordlict Handels"])
    for least, found in ((90, ["Q-2"]), (91, [])):
        answer = await ledger.endorse(EXIMBANK, "fx", "watch:listed", [two], [], least)
        assert [hit.entry_id for hit in Screened.model_validate_json(answer.result).hits] == found


async def test_what_one_call_takes(ledger: MemoryLedger) -> None:
    """And no alikeness below which names mean nothing, or above which there is none."""
    edition = Edition.of(*MANY)
    await edition.begin(ledger)
    filing_id, entries = edition.filing, [*MANY[: MAX_PART + 1]]
    for function, *arguments in (
        ("listed", [LAGOON], [], 74), ("listed", [LAGOON], [], 101), ("listed", [LAGOON], ["UN-SC"] * 51, 88),
        ("listed", [LAGOON], ["un sc"], 88), ("entries", filing_id, 0, entries), ("entries", filing_id, -1, []),
        ("index", filing_id, 0, dict.fromkeys(range(129), "")), ("index", filing_id, 0, {-1: ""}),
        ("index", filing_id, 0, {0: 5}), ("listed", [LAGOON] * (MAX_SUBJECTS + 1), [], 88),
        *(("activate", wrong) for wrong in ("0" * 31, "0" * 33, "G" * 32)),
    ):  # fmt: skip
        with pytest.raises(InvalidDocument):
            await ledger.endorse(SAFE, "fx", f"watch:{function}", *arguments)
    for least in (75, 100):
        await ledger.endorse(SAFE, "fx", "watch:listed", [LAGOON], ["UN-SC"] * 50, least)
    await ledger.endorse(SAFE, "fx", "watch:listed", [LAGOON] * MAX_SUBJECTS, [], 88)
    await ledger.endorse(SAFE, "fx", "watch:index", filing_id, 0, dict.fromkeys(range(128), ""))
    with pytest.raises(InvalidDocument, match="no bucket"):
        await ledger.endorse(SAFE, "fx", "watch:index", filing_id, 0, {0: "x" * 4_000_000})
    with pytest.raises(InvalidDocument, match="at most 4000000 characters"):
        await ledger.endorse(SAFE, "fx", "watch:index", filing_id, 0, {0: "x" * 4_000_001})


async def test_each_step_answers_what_stands_and_so_it_does_again(ledger: MemoryLedger) -> None:
    edition = Edition.of(entry("Q-1"))
    await edition.begin(ledger)
    for _ in range(2):
        stored = await ledger.submit(SAFE, "fx", "watch:entries", edition.filing, 0, edition.part(0))
        index = await ledger.submit(SAFE, "fx", "watch:index", edition.filing, 0, edition.buckets(0))
        assert isinstance(stored, dict)
        assert isinstance(index, dict)
        assert (stored["count"], stored["first"], stored["total"]) == (1, "Q-1", index["total"])
    for _ in range(2):
        held = await edition.activate(ledger)
        assert isinstance(held, dict)
        assert (held["version"], held["filing"]) == (1, edition.filing)


async def test_no_entry_ends_one_part_and_begins_the_next(ledger: MemoryLedger) -> None:
    edition = Edition.of(*MANY[:MAX_PART], MANY[MAX_PART - 1])
    await edition.begin(ledger)
    await edition.store(ledger)
    with pytest.raises(Refused, match="comes before one of an earlier part"):
        await edition.activate(ledger)


async def test_editions_hold_by_their_days_in_whatever_order_they_are_filed(ledger: MemoryLedger) -> None:
    async def found() -> list[str]:
        return [hit.entry_id for hit in (await screened(ledger, LAGOON)).hits]

    tomorrow = APPLIED + timedelta(days=1)
    await Edition.of(entry("Q-2"), edition="2", valid_from=tomorrow).file(ledger)
    assert await found() == []
    await Edition.of(entry("Q-1"), edition="1").file(ledger)
    assert await found() == ["Q-1"]
    ledger.now += timedelta(days=1)
    assert await found() == ["Q-2"]
