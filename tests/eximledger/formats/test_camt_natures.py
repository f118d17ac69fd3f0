"""camt: what tells one credit from another, what takes one back, and credits that no buyer paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, SAFE, number_of, usd

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import (
    Allocation,
    Entry,
    FxReceipt,
    Money,
    ReceiptStatus,
    ReferenceKind,
)

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
ACCOUNT = "NRA9900112"


def statement(*entries: str, report: str = "S-77", form: str = "053") -> bytes:
    root, body = ("BkToCstmrStmt", "Stmt") if form == "053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{form}.001.08"><{root}><GrpHdr><MsgId>M-{report}</MsgId>'
        f"<CreDtTm>2026-08-21T07:00:00</CreDtTm></GrpHdr><{body}><Id>{report}</Id>"
        f"<CreDtTm>2026-08-21T07:00:00</CreDtTm><Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>USD</Ccy>"
        f"<Ownr><Nm>Guizhou Dongyu Electric</Nm></Ownr></Acct>{''.join(entries)}</{body}></{root}></Document>"
    ).encode()


def entry(
    amount: str = "4000.00",
    *,
    servicer: str = "TRX-88410",
    number: str = "",
    end_to_end: str = "E-2026-1",
    direction: str = "CRDT",
    reverses: bool = False,
    status: str = "BOOK",
    code: str = "PMNT/RCDT/XBCT",
    payer: str = "Nordlicht Handels GmbH",
    day: str = "2026-08-20",
    text: str = f"DECL {number_of(1)}",
    more: str = "",
) -> str:
    domain, family, sub = code.split("/")
    booked = f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>" if day else ""
    return (
        "<Ntry>"
        + (f"<NtryRef>{number}</NtryRef>" if number else "")
        + f'<Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        + ("<RvslInd>true</RvslInd>" if reverses else "")
        + f"<Sts><Cd>{status}</Cd></Sts>{booked}"
        + (f"<AcctSvcrRef>{servicer}</AcctSvcrRef>" if servicer else "")
        + f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        + "<NtryDtls><TxDtls>"
        + (f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>" if end_to_end else "")
        + (f"<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>" if payer else "")
        + (f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else "")
        + f"{more}</TxDtls></NtryDtls></Ntry>"
    )


def receipts(reading: Reading) -> list[FxReceipt]:
    return [document for document in reading.documents if isinstance(document, FxReceipt)]


def read_one(*entries: str, report: str = "S-77", form: str = "053") -> Reading:
    return read(statement(*entries, report=report, form=form), exporter=DONGYU.uscc)


@pytest.fixture
async def lending() -> Lending:
    return await opened(1, 2)


async def file(lending: Lending, reading: Reading) -> list[Entry]:
    answer = await lending.ledger.submit(SAFE, "fx", "documents:put_many", "receipt", receipts(reading))
    assert isinstance(answer, list)
    return [Entry.model_validate(each) for each in answer]


async def collected(lending: Lending, serial: int = 1) -> Money:
    return (await lending.balance(serial)).collected


# -- references --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reference", "kind"),
    [
        (entry(), "TRX-88410", ReferenceKind.SERVICER),
        (entry(number="CH4431999123000889012", servicer=""), "E-2026-1", ReferenceKind.PAYER),
        (entry(servicer="CH4431999123000889012"), "E-2026-1", ReferenceKind.PAYER),
        (entry(servicer=ACCOUNT), "E-2026-1", ReferenceKind.PAYER),
        (entry(servicer="000017", end_to_end="NOTPROVIDED"), "S-77-1", ReferenceKind.PLACE),
        (entry(servicer="NONREF", end_to_end="Not provided", number="4"), "S-77-4", ReferenceKind.PLACE),
        (entry(servicer="", end_to_end=""), "S-77-1", ReferenceKind.PLACE),
        (
            entry(servicer="", end_to_end="", more="<Refs><TxId>FT26233-1</TxId><EndToEndId>E</EndToEndId></Refs>"),
            "FT26233-1",
            ReferenceKind.TRANSACTION,
        ),
    ],
)
def test_the_reference_is_the_one_that_tells(given: str, reference: str, kind: ReferenceKind) -> None:
    (receipt,) = receipts(read_one(given))
    assert (receipt.reference, receipt.reference_kind) == (reference, kind)


@pytest.mark.parametrize("servicer", ["TRX-88410", "1", ""])
async def test_a_statement_and_a_notification_of_one_credit_collect_once(lending: Lending, servicer: str) -> None:
    for form, exporter in (("053", DONGYU.uscc), ("054", None), ("054", DONGYU.uscc), ("053", None)):
        await file(lending, read(statement(entry(servicer=servicer), form=form), exporter=exporter))
    assert await collected(lending) == usd("4000")


async def test_running_numbers_of_two_days_are_two_credits(lending: Lending) -> None:
    for day, amount in (("2026-08-20", "4000.00"), ("2026-08-21", "50.00"), ("2026-08-24", "4000.00")):
        await file(lending, read_one(entry(amount, servicer="1", end_to_end="NOTPROVIDED", day=day), report=f"S-{day}"))
    assert await collected(lending) == usd("8050")


# -- reversals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end_to_end", ["E-2026-1", "NOTPROVIDED"])
async def test_a_reversal_is_read_and_gives_back(lending: Lending, end_to_end: str) -> None:
    back = entry(servicer="TRX-90002", direction="DBIT", reverses=True, end_to_end=end_to_end)
    reading = read_one(entry(), back)
    assert reading.unmapped == ()
    *_, told = await file(lending, reading)
    assert told.note is not None
    if end_to_end == "NOTPROVIDED":
        assert "no credit" in told.note
        assert await collected(lending) == usd("4000")
    else:
        assert "reverses receipt" in told.note
        assert await collected(lending) == usd(0)


def test_a_debit_that_reverses_nothing_is_skipped() -> None:
    reading = read_one(entry(direction="DBIT"))
    assert (reading.documents, [each.cause for each in reading.unmapped]) == ((), [Cause.SKIPPED])


# -- credits that no buyer paid ----------------------------------------------------------------------------------------

RETURNED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


@pytest.mark.parametrize(
    "given",
    [entry(code="PMNT/ICDT/RRTN"), entry(code="PMNT/ICDT/XBCT"), entry(code="PMNT/RCDT/RRTN"), entry(more=RETURNED)],
)
async def test_an_own_payment_that_came_back_counts_as_nothing(lending: Lending, given: str) -> None:
    (receipt,) = receipts(read_one(given))
    assert (receipt.reversal, receipt.counts, receipt.allocations) == (True, False, ())
    await file(lending, read_one(given))
    assert await collected(lending) == usd(0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (entry(code="FORX/SPOT/OTHR"), "currency exchange"),
        (entry(code="LDAS/FTLN/DDWN"), "loan"),
        (entry(code="ACMT/ACOP/INTR"), "interest"),
        (entry(code="PMNT/RCDT/INTR"), "interest"),
        (entry(code="PMNT/MCOP/CHRG"), "charges"),
        (entry(code="TRAD/LOCT/COMM"), "charges"),
        (entry(code="CAMT/ACCB/ZABA"), "own accounts"),
        (entry(code="PMNT/RCDT/SWEP"), "own accounts"),
        (entry(code="PMNT/RCDT/BOOK", payer=""), "own accounts"),
        (entry(code="PMNT/RCDT/BOOK", payer="GUIZHOU DONGYU ELECTRIC"), "own accounts"),
    ],
)
def test_a_credit_that_no_buyer_paid_is_skipped_with_a_reason(given: str, reason: str) -> None:
    reading = read_one(given, entry(servicer="TRX-2B"))
    assert [receipt.reference for receipt in receipts(reading)] == ["TRX-2B"]
    (skipped,) = reading.unmapped
    assert (skipped.cause, skipped.path.rpartition("/")[2]) == (Cause.SKIPPED, "Ntry[1]")
    assert reason in skipped.reason


@pytest.mark.parametrize(
    "given",
    [
        entry(code="PMNT/RCDT/BOOK"), entry(code="TRAD/LOCT/STLM"), entry(code="PMNT/IDDT/ESDD"),
        entry(code="NTAV/NTAV/NTAV"), entry(code="XTND/NTAV/NTAV"),
        entry().replace("<Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>XBCT</SubFmlyCd></Fmly></Domn>",
                        "<Prtry><Cd>NCHG 165</Cd></Prtry>"),
    ],
)  # fmt: skip
def test_what_may_be_a_buyers_counts(given: str) -> None:
    (receipt,) = receipts(read_one(given))
    assert receipt.counts


# -- renminbi from abroad ----------------------------------------------------------------------------------------------

_ABROAD = "<PstlAdr><Ctry>VN</Ctry></PstlAdr>"


def in_yuan(given: str, account: str = "CNY") -> list[FxReceipt]:
    source = statement(given).replace(b'Ccy="USD"', b'Ccy="CNY"').replace(b"<Ccy>USD<", f"<Ccy>{account}<".encode())
    return receipts(read(source, exporter=DONGYU.uscc))


@pytest.mark.parametrize(
    ("given", "account"),
    [
        (entry(), "CNY"),  # a cross-border transfer, by its code
        (entry(code="PMNT/RCDT/DMCT").replace("</Nm></Pty>", f"</Nm>{_ABROAD}</Pty>"), "CNY"),
        (entry(code="PMNT/RCDT/DMCT", more="<RltdAgts><DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI></FinInstnId>"
               "</DbtrAgt></RltdAgts>"), "CNY"),
        (entry(code="PMNT/RCDT/DMCT", more="<RltdAgts><DbtrAgt><FinInstnId><BICFI>HSBCHKHH</BICFI></FinInstnId>"
               "</DbtrAgt></RltdAgts>"), "CNY"),
        (entry(code="PMNT/RCDT/DMCT"), "CNH"),
    ],
)  # fmt: skip
def test_an_export_that_is_paid_in_renminbi_is_received(given: str, account: str) -> None:
    """A claim in CNY is paid by it as one in dollars is."""
    (receipt,) = in_yuan(given, account)
    assert (receipt.amount, receipt.account_currency, receipt.counts) == (Money.of("4000.00", "CNY"), "CNY", True)


@pytest.mark.parametrize(
    "given",
    [
        entry(code="PMNT/RCDT/DMCT"),
        entry(code="PMNT/RCDT/DMCT").replace("</Nm></Pty>", f"</Nm>{_ABROAD}</Pty>").replace("VN", "CN"),
    ],
)
def test_renminbi_from_within_china_is_no_export_receipt(given: str) -> None:
    assert in_yuan(given) == []


# -- amounts -----------------------------------------------------------------------------------------------------------


def remitted(*amounts: str) -> str:
    documents = "".join(
        f"<Strd><RfrdDocInf><Nb>{number_of(serial)}</Nb></RfrdDocInf>"
        f'<RfrdDocAmt><RmtdAmt Ccy="USD">{amount}</RmtdAmt></RfrdDocAmt></Strd>'
        for serial, amount in enumerate(amounts, 1)
    )
    return f"<RmtInf>{documents}</RmtInf>"


@pytest.mark.parametrize("amounts", [("-5000.00", "100.00"), ("0.00", "4000.00"), ("4000.00", "0.01"), ("4000.01",)])
async def test_amounts_that_cannot_be_are_dropped_and_told(lending: Lending, amounts: tuple[str, ...]) -> None:
    reading = read_one(entry(text="", more=remitted(*amounts)))
    (receipt,) = receipts(reading)
    assert receipt.allocations == ()
    assert {each.cause for each in reading.unmapped} == {Cause.UNUSABLE}
    assert len(reading.unmapped) == len(amounts)
    await file(lending, reading)
    assert await collected(lending) == usd("4000")  # it is not said what each got: all of it may be this one's


def test_amounts_that_can_be_split_the_receipt() -> None:
    (receipt,) = receipts(read_one(entry(text="", more=remitted("1500.00", "2500.00"))))
    assert receipt.allocations == tuple(
        Allocation(declaration_number=number_of(serial), amount=usd(amount))
        for serial, amount in ((1, "1500.00"), (2, "2500.00"))
    )


@pytest.mark.parametrize("status", ["PDNG", "FUTR", "INFO"])
def test_a_notice_without_a_date_takes_no_other_along(status: str) -> None:
    reading = read_one(entry(day="", status=status), entry(servicer="TRX-2B"))
    assert [receipt.reference for receipt in receipts(reading)] == ["TRX-2B"]
    assert [(each.cause, each.path.rpartition("/")[2]) for each in reading.unmapped] == [(Cause.UNUSABLE, "Ntry[1]")]


# -- the published cases -----------------------------------------------------------------------------------------------


def case(name: str) -> Path:
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the cases are not here: {name}")
    return path


@pytest.mark.parametrize(
    ("names", "amounts"),
    [
        (("k1-qr-iban-as-entry-reference-day1.xml", "k1-qr-iban-as-entry-reference-day2.xml"), ["60000.00", "1000.00"]),
        (("k1-running-entry-number-day1.xml", "k1-running-entry-number-day2.xml"), ["60000.00", "1000.00"]),
        (("k1-running-suffix-collides.xml",), ["1000.00", "2000.00", "777.00"]),
        (("k1-two-accounts-one-reference.xml",), ["100.00", "200.00"]),
    ],
)  # fmt: skip
async def test_the_cases_of_identity(lending: Lending, names: tuple[str, ...], amounts: list[str]) -> None:
    filed = []
    for name in names:
        reading = read(case(name), exporter=DONGYU.uscc)
        assert [each.cause for each in reading.unmapped] == []
        filed += await file(lending, reading)
    assert [each.version for each in filed] == [1] * len(amounts)
    assert len({each.id for each in filed}) == len(amounts)


async def test_the_cases_of_money_that_is_no_receipt(lending: Lending) -> None:
    await file(lending, read(case("k4-own-payment-returned.xml"), exporter=DONGYU.uscc))
    await file(lending, read(case("k5-credit-and-its-reversal.xml"), exporter=DONGYU.uscc))
    channel = lending.ledger.channels["fx"].values
    assert not [key for _, key in channel if "receipts-of-declaration" in key or "\x00received\x00" in key]


def test_the_cases_of_amounts() -> None:
    batch = receipts(read(case("k6-batch-in-cny.xml")))
    assert [(each.amount, each.instructed_amount) for each in batch] == [
        (Money.of("7000.00", "CNY"), None),
        (Money.of("14000.00", "CNY"), None),
    ]
    (zero,) = receipts(read(case("k7-zero-instructed.xml")))
    assert (zero.amount, zero.instructed_amount) == (usd("885.00"), None)
    (dated,) = receipts(read(case("k13-pending-entry-without-dates.xml")))
    assert (dated.reference, dated.status) == ("C1", ReceiptStatus.BOOKED)
