"""Copies of what a case compares with: replaced versions of declarations, and new papers on the exporter itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.seen.scene import DONGYU_USCC, Scene, authorised
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OTHER, SAFE, TRADEBANK

from eximledger_chaincode.contracts.papers.reading import MAX_EARLIER
from eximledger_chaincode.documents import DeclarationCopy, DeclarationStatus, EnterpriseClass, Money, TotalDifference


@pytest.fixture
async def following(made: Scene) -> Scene:
    await made.authorise()
    await made.pull(1, 2)
    return made


def remarks_of(facts: Any) -> list[str | None]:
    return [each["document"].get("remarks") for each in facts["earlier"]]


def difference(until: date = date(2026, 7, 31), exporter: str = DONGYU_USCC) -> TotalDifference:
    none, some = Money.of(0, "CNY"), Money.of(1000, "CNY")
    begun = date(until.year - 1, 8, 1)
    return TotalDifference(
        enterprise_uscc=exporter, period_from=begun, period_until=until, imports=none, exports=some, receipts=some,
        payments=none,
    )  # fmt: skip


# -- replaced versions -------------------------------------------------------------------------------------------------


async def test_versions_from_before_the_pull_are_copied(made: Scene) -> None:
    for remarks in ("two", "three"):
        await made.lending.file(trade.declaration(1, remarks=remarks))
    await made.authorise()
    await made.pull(1)
    assert remarks_of(await made.customs(1)) == [None, "two"]
    assert await made.customs(1) == await made.customs(1, who=SAFE)


async def test_versions_from_after_the_pull_are_brought_up(following: Scene) -> None:
    assert remarks_of(await following.customs(1)) == []
    for remarks in ("two", "three"):
        await following.lending.file(trade.declaration(1, remarks=remarks))
    facts = await following.customs(1)
    assert remarks_of(facts) == [None, "two"]
    assert facts["declarations"][0]["document"]["remarks"] == "three"


async def test_the_last_versions_are_enough(made: Scene) -> None:
    for number in range(MAX_EARLIER + 2):
        await made.lending.file(trade.declaration(1, remarks=f"amendment {number}"))
    await made.authorise()
    await made.pull(1)
    found = remarks_of(await made.customs(1))
    assert (len(found), found[0], found[-1]) == (MAX_EARLIER, "amendment 1", f"amendment {MAX_EARLIER}")


async def test_a_version_that_was_another_exporters_is_not_shown(made: Scene) -> None:
    await made.lending.file(trade.declaration(9, exporter=OTHER, remarks="theirs"))
    await made.lending.file(trade.declaration(9, remarks="ours"))
    await made.lending.file(trade.declaration(9, remarks="ours again"))
    await made.authorise()
    await made.pull(9)
    assert remarks_of(await made.customs(9)) == ["ours"]
    history = await made.ask(EXIMBANK, "customs", "documents:history", "declaration", trade.number_of(9))
    assert [each["document"]["remarks"] for each in history] == ["ours again", "ours"]


async def test_versions_of_what_a_loan_holds_outlive_the_consent(following: Scene) -> None:
    """A copy that was true once would be called altered at the disbursement."""
    for serial in (1, 2):
        await following.lending.file(trade.declaration(serial, remarks="two"))
    await following.keep(1)
    await following.revoke()
    await following.purge()
    values = following.lending.ledger.channels["customs"].values
    held = sum(collection == "shared-EximbankMSP" for collection, _ in values)
    await following.keep()
    await following.purge()
    assert held - sum(collection == "shared-EximbankMSP" for collection, _ in values) == 4
    # declaration, its version before, seal, what is kept


@pytest.mark.parametrize(("shown", "severity"), [("100000.00", "refer"), ("99999.00", "reject")])
async def test_a_copy_is_held_against_the_record_and_what_it_was_before(made: Scene, shown: str, severity: str) -> None:
    """The same from a peer of the bank and from SAFE's, whose vaults are different ones."""
    await made.lending.file(trade.declaration(1, "120000.00"))
    await made.lending.file(DeclarationCopy.of(trade.declaration(1, shown)))
    asked = trade.application().model_copy(update={"declaration_copies": (trade.number_of(1),)})
    await made.lending.apply(asked)
    for who, bank in ((EXIMBANK, ""), (SAFE, "EximbankMSP")):
        verdict = await made.ask(who, "bank", "loans:preview", "L-1", bank)
        found = {each["severity"] for each in verdict["findings"] if each["rule"] == "DECL-COPY"}
        assert found == {severity}
    checked = await made.lending.check()
    assert {each.severity for each in checked.findings if each.rule == "DECL-COPY"} == {severity}


# -- papers on the exporter itself -------------------------------------------------------------------------------------


async def test_a_class_of_another_period_reaches_who_follows_the_exporter(following: Scene) -> None:
    """It is a new document: nobody could have pulled it, and the bank would decide by the class before."""
    later = trade.classification(EnterpriseClass.C).model_copy(update={"valid_from": date(2026, 8, 1)})
    await following.lending.file(later)
    classes = (await following.fx(1))["classifications"]
    assert [each["document"]["enterprise_class"] for each in classes] == ["A", "C"]
    assert (await following.fx(1)) == (await following.fx(1, who=SAFE))
    listed = await following.ask(EXIMBANK, "fx", "documents:list", "classification", DONGYU_USCC)
    assert len(listed["entries"]) == 2
    await following.lending.file(later.model_copy(update={"quota": Money.of(5, "CNY")}))
    (_, last) = (await following.fx(1))["classifications"]
    assert last["document"]["quota"] == {"amount": "5.00", "currency": "CNY"}


async def test_a_new_class_does_not_reach_a_bank_without_consent(following: Scene) -> None:
    await following.authorise(authorised("TradebankMSP", "A-2", what=("declarations",)), TRADEBANK)
    await following.revoke()
    values = following.lending.ledger.channels["fx"].values
    before = {key for key in values if key[0].startswith("shared-")}
    later = trade.classification(EnterpriseClass.C).model_copy(update={"valid_from": date(2026, 8, 1)})
    await following.lending.file(later, difference())
    assert {key for key in values if key[0].startswith("shared-")} == before


async def test_safes_papers_on_the_total_difference_are_pulled_and_pushed(made: Scene) -> None:
    await made.lending.file(difference(), difference(exporter=OTHER.uscc or ""))
    await made.authorise()
    await made.pull(1)
    assert [each["document"]["exports"]["amount"] for each in (await made.fx(1))["total_differences"]] == ["1000.00"]
    await made.lending.file(difference(date(2027, 7, 31)))
    assert [each["document"]["period_until"] for each in (await made.fx(1))["total_differences"]] == [
        "2026-07-31", "2027-07-31",
    ]  # fmt: skip


# -- what was exported -------------------------------------------------------------------------------------------------


async def test_exports_are_counted_by_chapter_country_and_size(following: Scene) -> None:
    counts = {"exports": 2, "hs 85": 2, "size USD 100000": 2, "to DE": 2}
    assert (await following.customs(1))["exported"]["counts"] == counts
    await following.lending.file(trade.declaration(3, "12345.00"), trade.declaration(6, exporter=OTHER))
    grown = {"exports": 3, "hs 85": 3, "size USD 100000": 2, "size USD 13000": 1, "to DE": 3}
    assert (await following.customs(1))["exported"]["counts"] == grown
    assert (await following.customs(1, who=SAFE))["exported"]["counts"] == grown
    await following.lending.file(trade.declaration(3, "12345.00", status=DeclarationStatus.CANCELLED))
    assert (await following.customs(1))["exported"]["counts"] == counts
    await following.lending.file(trade.declaration(2, exporter=OTHER))
    assert (await following.customs(1))["exported"]["counts"] == dict.fromkeys(counts, 1)
    assert (await following.customs(1))["declared"] == [{"amount": "100000.00", "currency": "USD"}]
