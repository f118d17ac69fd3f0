"""Statements whose payers wrote what they should not: it costs them their words, never the exporter's bank a credit."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.eximledger.formats.test_camt_natures import entry, statement
from tests.eximledger_chaincode.contracts.credits import collected
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, SAFE, number_of, usd

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import Entry, FxReceipt, Money


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def receipts(reading: Reading) -> list[FxReceipt]:
    return [document for document in reading.documents if isinstance(document, FxReceipt)]


def read_one(*entries: str, account: str = "USD") -> Reading:
    source = statement(*entries).replace(b"<Ccy>USD<", f"<Ccy>{account}<".encode())
    return read(source, exporter=DONGYU.uscc)


def ordered(amount: str, kind: str = "InstdAmt", more: str = "") -> str:
    return f"<AmtDtls><{kind}><Amt {amount}</Amt>{more}</{kind}></AmtDtls>"


def remitted(number: str, amount: str, dated: str = "") -> str:
    day = f"<RltdDt>{dated}</RltdDt>" if dated else ""
    return (
        f"<RmtInf><Strd><RfrdDocInf><Nb>{number}</Nb>{day}</RfrdDocInf>"
        f"<RfrdDocAmt><RmtdAmt{amount}</RmtdAmt></RfrdDocAmt></Strd></RmtInf>"
    )


def exchanged(more: str) -> str:
    return ordered('Ccy="EUR">3600.00', more=f"<CcyXchg><SrcCcy>EUR</SrcCcy>{more}</CcyXchg>")


UNREADABLE = [
    *(
        ordered(amount, kind)
        for kind in ("InstdAmt", "TxAmt", "CntrValAmt")
        for amount in (
            'Ccy="RMB">1.00', ">1.00", 'Ccy="USD">one', 'Ccy="JPY">100.50', 'Ccy="USD">1.001', f'Ccy="USD">{"9" * 40}',
        )
    ),
    exchanged("<XchgRate>abc</XchgRate>"),
    exchanged("<XchgRate>0</XchgRate>"),
    exchanged("<TrgtCcy>RMB</TrgtCcy><XchgRate>7.8</XchgRate>"),
    exchanged("<XchgRate>7.8</XchgRate><QtnDt>yesterday</QtnDt>"),
    '<Chrgs><Rcrd><Amt Ccy="RMB">1.00</Amt></Rcrd></Chrgs>',
    '<Chrgs><Rcrd><Amt Ccy="USD">x</Amt></Rcrd></Chrgs>',
    *(remitted("INV-1", amount) for amount in (' Ccy="RMB">1.00', ">1.00", ' Ccy="USD">abc', ' Ccy="USD">1.001')),
    remitted("INV-1", ' Ccy="USD">1.00', dated="soon"),
    remitted("X" * 141, ' Ccy="USD">1.00'),
    "<RmtInf><Strd><CdtrRefInf><Ref>" + "Y" * 141 + "</Ref></CdtrRefInf></Strd></RmtInf>",
]  # fmt: skip


@pytest.mark.parametrize("words", UNREADABLE)
def test_words_that_cannot_be_read_are_reported_and_the_credit_stands(words: str) -> None:
    reading = read_one(entry(more=words))
    (receipt,) = receipts(reading)
    assert (receipt.amount, receipt.counts) == (usd("4000.00"), True)
    assert number_of(1) in str(receipt.references)
    assert {each.cause for each in reading.unmapped} == {Cause.UNUSABLE}


# -- entries in parts --------------------------------------------------------------------------------------------------


def part(amount: str, direction: str = "CRDT", end_to_end: str = "E-1") -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{amount}<CdtDbtInd>{direction}</CdtDbtInd>"
        f"<RmtInf><Ustrd>DECL {number_of(1)}</Ustrd></RmtInf></TxDtls>"
    )


def batch(amount: str, *parts: str, direction: str = "CRDT") -> str:
    return (
        f"<Ntry><Amt {amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        "<BookgDt><Dt>2026-08-20</Dt></BookgDt><AcctSvcrRef>TRX-1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        "<Cd>RCDT</Cd><SubFmlyCd>XBCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(parts)}</NtryDtls></Ntry>"
    )


def of(amount: str) -> str:
    return f"<Amt {amount}</Amt>"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        # in another currency, or less than the entry: the entry is what was credited
        (batch('Ccy="CNY">7760000.00', *[part(ordered('Ccy="USD">1.00', "TxAmt"))] * 2), ["7760000.00"]),
        (batch('Ccy="CNY">7760000.00', part(of('Ccy="USD">1.00')), part(of('Ccy="USD">1.00'))), ["7760000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">1.00')), part(of('Ccy="USD">2.00'))), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">2000.00')), part(of('Ccy="EUR">1800.00'))), ["4000.00"]),
        (batch('Ccy="USD">4000.00', *[part(of('Ccy="JPY">300000'))] * 2), ["4000.00"]),
        (batch('Ccy="USD">4000.00', *[part(of('Ccy="USD">1.00'), "DBIT")] * 2), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">1.00')), part(of('Ccy="USD">abc'))), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">1.00')), part(of('Ccy="RMB">3999.00'))), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">1.00')), part("")), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">0.00')), part(of('Ccy="USD">-1.00'))), ["4000.00"]),
        # as much as the entry, or more: a bank netted its charges, or a debit
        (batch('Ccy="USD">3990.00', *[part(of('Ccy="USD">2000.00'))] * 2), ["2000.00", "2000.00"]),
        (batch('Ccy="USD">3990.00', part(of('Ccy="USD">4000.00')), part(of('Ccy="USD">10.00'), "DBIT")), ["4000.00"]),
        (batch('Ccy="USD">4000.00', part(of('Ccy="USD">1.00') + ordered('Ccy="RMB">9')), part(of('Ccy="USD">3999.00'))),
         ["1.00", "3999.00"]),
    ],
)  # fmt: skip
def test_an_entry_in_parts_is_never_read_as_less_than_it_is(given: str, wanted: list[str]) -> None:
    found = receipts(read_one(given, account="CNY" if "CNY" in given else "USD"))
    assert [str(each.amount.amount) for each in found] == wanted
    assert all(each.counts for each in found)


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [
        (('Ccy="USD">1.00', 'Ccy="USD">999999.00'), usd("1000000.00")),
        (('Ccy="USD">1.00', 'Ccy="EUR">999999.00'), None),
        (('Ccy="USD">1.00', 'Ccy="USD">0.00'), None),
        ((f'Ccy="USD">{"9" * 28}.99', f'Ccy="USD">{"9" * 28}.99'), None),
    ],
)
def test_of_several_orders_in_one_entry_the_sum_was_ordered(amounts: tuple[str, ...], wanted: Money | None) -> None:
    (receipt,) = receipts(read_one(batch('Ccy="CNY">7100000.00', *(part(ordered(each)) for each in amounts))))
    assert (receipt.amount, receipt.instructed_amount) == (cny("7100000.00"), wanted)


# -- returns -----------------------------------------------------------------------------------------------------------

RETURN = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


async def file(lending: Lending, reading: Reading) -> list[Entry]:
    found = [await lending.ledger.submit(SAFE, "fx", "documents:put", "receipt", each) for each in receipts(reading)]
    return [Entry.model_validate(each) for each in found]


@pytest.fixture
async def lending() -> Lending:
    return await opened(1)


def returned(
    amount: str = "4000.00", *, end_to_end: str = "E-2026-1", more: str = RETURN, code: str = "PMNT/RCDT/XBCT"
) -> str:
    return entry(amount, servicer="TRX-90002", direction="DBIT", end_to_end=end_to_end, more=more, code=code)


@pytest.mark.parametrize("back", [returned(), returned(more="", code="PMNT/RCDT/RRTN")])
async def test_a_debit_that_returns_a_credit_gives_back_by_exact_references(lending: Lending, back: str) -> None:
    reading = read_one(entry(), back)
    assert reading.unmapped == ()
    *_, told = await file(lending, reading)
    assert told.note is not None
    assert "reverses receipt" in told.note
    assert await collected(lending) == usd(0)


@pytest.mark.parametrize(
    "back", [returned("3999.99"), returned(end_to_end="E-2026-2"), returned(end_to_end="NOTPROVIDED")]
)
async def test_one_that_is_of_a_part_or_names_no_reference_leaves_the_credit_and_is_told(
    lending: Lending, back: str
) -> None:
    await lending.apply()
    *_, told = await file(lending, read_one(entry(), back))
    assert "nothing is reversed" in (told.note or "")
    assert await collected(lending) == usd("4000")
    found = [each for each in (await lending.check()).findings if each.rule == "RECEIPT-DOUBTFUL"]
    assert ["took money back" in each.message.en for each in found] == [True]


@pytest.mark.parametrize(
    "given",
    [
        entry(direction="DBIT", code="PMNT/ICDT/RRTN"),
        entry(direction="DBIT", text="/RTRN/ AC04"),
        batch('Ccy="USD">4000.00', part(of('Ccy="USD">4000.00'), "DBIT"), part(of('Ccy="USD">1.00'), "DBIT"),
              direction="DBIT"),
    ],
)  # fmt: skip
def test_an_own_payment_whose_words_speak_of_a_return_takes_nothing_back(given: str) -> None:
    """The exporter writes them, and would open a paid claim with them."""
    assert receipts(read_one(given)) == []


def test_of_a_debit_in_parts_only_what_is_returned_takes_back() -> None:
    parts = (part(of('Ccy="USD">3000.00') + RETURN, "DBIT", "E-A"), part(of('Ccy="USD">1000.00'), "DBIT", "E-B"))
    (found,) = receipts(read_one(batch('Ccy="USD">4000.00', *parts, direction="DBIT")))
    assert (found.amount, "E-A" in found.reverses) == (usd("3000.00"), True)


# -- SWIFT MT ----------------------------------------------------------------------------------------------------------


def mt940(line: str, words: str) -> Reading:
    text = f":20:S1\n:25:NRA9900112\n:28C:1/1\n:60F:C260819CNY0,00\n:61:{line}\n:86:{words}\n:62F:C260820CNY0,00\n-\n"
    return read(text.encode(), exporter=DONGYU.uscc)


CREDITED, DEBITED = (f"2608200820{mark}7760000,00NTRFREF1//BANK1" for mark in "CD")


@pytest.mark.parametrize(
    ("words", "instructed"),
    [
        ("/OCMT/USD1,00/", usd("1.00")),
        (f"/ORDP//NAME/X/REMI/DECL {number_of(1)} /OCMT/USD1,00/", usd("1.00")),
        (f"?20SVWZ+DECL {number_of(1)}?21OAMT+USD1,00", usd("1.00")),
        ("/OCMT/JPY1,50/", None),
        (f"/OCMT/USD{'9' * 30},00/", None),
    ],
)
def test_what_was_ordered_stands_beside_what_was_credited(words: str, instructed: Money | None) -> None:
    (receipt,) = receipts(mt940(CREDITED, words))
    assert (receipt.amount, receipt.instructed_amount) == (cny("7760000.00"), instructed)


def test_an_item_that_the_bank_returns_takes_back_and_words_of_the_exporter_do_not() -> None:
    (back,) = receipts(mt940(DEBITED.replace("NTRF", "NRTI"), "/EREF/E1//OCMT/USD1,00/"))
    assert (back.counts, back.reverses) == (False, ("BANK1", "E1"))
    reading = mt940(DEBITED, "/RTRN/AC04//EREF/E1//OCMT/USD1,00/")
    assert receipts(reading) == []
    assert any("says it is a return" in each.reason for each in reading.unmapped)


def test_what_a_credit_note_takes_off_a_declaration_is_no_payment_of_it(data: Path) -> None:
    source = (data / "camt.053.001.10.xml").read_text()
    stated = '<RmtdAmt Ccy="USD">10000.00</RmtdAmt>'
    assert stated in source
    reading = read(source.replace(stated, stated.replace("RmtdAmt", "CdtNoteAmt")).encode())
    first = reading.documents[0]
    assert isinstance(first, FxReceipt)
    assert first.allocations == ()
    assert [each.amount for each in first.references if each.kind == "declaration"] == [Money.of("20000", "USD"), None]
    assert any(each.path.endswith("CdtNoteAmt") and each.cause is Cause.UNUSABLE for each in reading.unmapped)
