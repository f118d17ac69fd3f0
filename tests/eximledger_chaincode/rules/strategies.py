"""Arbitrary cases: papers that agree, that disagree, that name one another or nothing, with numbers of any size.

Few numbers, parties, units and currencies are drawn from, so that papers meet; amounts run up to the 30 digits that
documents admit.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import (
    Address,
    AllowanceCharge,
    Container,
    DeclarationCopy,
    DeclarationStatus,
    Document,
    EnterpriseClass,
    FinancedFrame,
    FreightPayment,
    InvoiceTotals,
    LegalQuantity,
    LoanApplication,
    Money,
    Party,
    Permission,
    Place,
    ReceiptStatus,
    Record,
    Reference,
    Registration,
    TransportStage,
    TransportType,
    compared_number,
    minor_units,
)
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.lending.collecting.naming import NamedPaper, Order, ReceiptNaming, Unallocated
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.packing.frames import FramePosition
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding, Position
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ContractTotal, ExporterTotals

NUMBERS = ("224820260000418836", "224820260000437120", "531620260000290457")
PAPERS = ("A-1", "a 1", "A-2", "B/3", "-")
PARTIES = (
    cases.SELLER, cases.STRANGER, cases.BUYER, cases.THIRD_PARTY, Party(name="NORDLICHT HANDELS"),
    Party(name="Nordlicht Handels Ltd", address=Address(lines=("Lange Kaje 17",), country="AE")),
    Party(name="貴州東裕電氣有限公司", representative="Zhang Wei", address=Address(lines=("Lange Kaje 17",))),
    Party(name="NO"),
)  # fmt: skip
UNITS = ("台", "PCE", "DZN", "KGM", "吨", "LBR", "CTN", "blobs")
HS_CODES = ("850440", "8504402000", "85049090", "853710", "270111")
STRICT = cases.policy(required_papers=(), financed_percent="33.333333", embargoed_countries=("SG", "DE"))
START = date(2026, 3, 20)

days = st.integers(-40, 130).map(lambda count: START + timedelta(days=count))
numbers = st.sampled_from(NUMBERS)
papers = st.sampled_from(PAPERS)
parties = st.sampled_from(PARTIES)
places = st.sampled_from((Place(code="CNSHA"), Place(code="SGSIN"), Place(code="2248"), Place(name="Shanghai")))
remarks = st.sampled_from(("two cartons torn", "破损", "freight collect", "may be on deck", "on deck"))
terms = st.sampled_from((None, "FOB", "CIF", "CIP", "CFR", "DDP"))
currencies = st.sampled_from(("USD", "CNY", "EUR", "JPY", "KWD"))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def decimals(lowest: int, digits: int = 18, places: int = 12) -> st.SearchStrategy[Decimal]:
    """Decimals of few and of many digits."""
    few = st.integers(max(lowest, -5000), 5000).map(Decimal)
    most = 10 ** (digits + places) - 1
    many = st.integers(max(lowest * 10**places, -most), most).map(lambda number: EXACT.scaleb(number, -places))
    return few | many


@st.composite
def money(draw: st.DrawFn, currency: str | None = None, lowest: int = -(10**20)) -> Money:
    code = currency or draw(currencies)
    places = minor_units(code)
    return Money.of(draw(decimals(lowest, 30 - places, places)), code)


def counts() -> st.SearchStrategy[Decimal]:
    return decimals(-(10**18))


def weights() -> st.SearchStrategy[Decimal]:
    return decimals(0)


@st.composite
def charges(draw: st.DrawFn, currency: str) -> AllowanceCharge:
    reason = draw(st.sampled_from((None, "Freight", "关税")))
    return AllowanceCharge(charge=draw(st.booleans()), amount=draw(money(currency)), reason=reason)


def _declared_charges(suffix: str) -> st.SearchStrategy[dict[str, Any]]:
    """Freight and insurance as amounts, or as rates."""
    charge = maybe(st.decimals(0, 100, places=3) if suffix else money())
    return st.fixed_dictionaries({f"freight{suffix}": charge, f"insurance{suffix}": charge})


@st.composite
def declarations(draw: st.DrawFn, number: str) -> Document:
    currency = draw(currencies)
    lines = draw(
        st.lists(
            st.builds(
                cases.declared,
                number=st.integers(1, 3),
                hs_code=st.sampled_from(("8504402000", "85049090", "2701110000")),
                quantity=weights(),
                unit=st.sampled_from(UNITS),
                unit_price=maybe(weights()),
                amount=money(currency),
                legal_quantities=some(st.builds(LegalQuantity, quantity=counts(), unit=st.sampled_from(UNITS)), 1),
            ),
            min_size=1,
            max_size=2,
        )
    )
    return cases.declaration(
        declaration_number=number, consignor=draw(st.sampled_from(PARTIES[:2])), lines=tuple(lines),
        status=draw(st.sampled_from(DeclarationStatus)), declared_on=draw(days), exported_on=draw(maybe(days)),
        settled_on=draw(maybe(days)), supervision_mode=draw(st.sampled_from(("0110", "0214", "3010", "9810"))),
        transaction_mode=draw(st.sampled_from("1234567")), bill_number=draw(maybe(papers)),
        contract_number=draw(maybe(papers)), packages=draw(maybe(st.integers(0, 200))),
        gross_weight_kg=draw(maybe(weights())), net_weight_kg=draw(maybe(weights())), total=draw(money(currency)),
        **draw(st.sampled_from(("", "_percent")).flatmap(_declared_charges)),
        destination_country=draw(st.sampled_from((None, "DE", "VN"))), consignee=draw(maybe(parties)),
        trade_country=draw(st.sampled_from((None, "DE", "AE"))),
        containers=draw(some(st.sampled_from((cases.CONTAINER, cases.OTHER_CONTAINER)))),
    )  # fmt: skip


@st.composite
def copies(draw: st.DrawFn, declared: list[Any]) -> Document:
    """A true copy of a declaration, or one with another amount, quantity or consignee."""
    copied = DeclarationCopy.of(draw(st.sampled_from(declared)))
    total = draw(st.just(copied.total) | money(copied.total.currency))
    quantity = draw(st.just(copied.lines[0].quantity) | weights())
    lines = (copied.lines[0].model_copy(update={"quantity": quantity}), *copied.lines[1:])
    consignee = draw(st.sampled_from((copied.consignee, cases.BUYER, cases.THIRD_PARTY)))
    return copied.model_copy(update={"total": total, "lines": lines, "consignee": consignee})


def goods(currency: str) -> st.SearchStrategy[Any]:
    return st.builds(
        cases.goods,
        number=st.sampled_from("123"),
        name=st.sampled_from(("Cabinet", "cabinet", "Switch")),
        hs_code=maybe(st.sampled_from(HS_CODES)),
        quantity=maybe(counts()),
        unit=maybe(st.sampled_from(UNITS)),
        unit_price=maybe(counts()),
        price_base=st.sampled_from((1, 3, 100, Decimal("0.000000000007"))),
        price_base_unit=maybe(st.sampled_from(UNITS)),
        amount=maybe(money(currency)),
        allowances_charges=some(charges(currency), 1),
    )


@st.composite
def contracts(draw: st.DrawFn) -> Document:
    currency = draw(currencies)
    return cases.contract(
        contract_number=draw(papers), signed_on=draw(days), seller=draw(parties), buyer=draw(parties),
        currency=currency, payment_days=draw(maybe(st.integers(0, 3650))), latest_shipment_on=draw(maybe(days)),
        processing_fee=draw(maybe(money())),
        about=draw(st.booleans()), lines=draw(some(goods(currency))), total=draw(money(currency)),
        ship_to=draw(maybe(parties)), valid_until=draw(maybe(days)), incoterm=draw(terms),
        transshipment=draw(maybe(st.booleans())), transshipment_places=draw(some(places, 1)),
    )  # fmt: skip


@st.composite
def letters_of_credit(draw: st.DrawFn) -> Document:
    place = maybe(st.sampled_from((Place(code="CNSHA"), Place(name="SHANGHAI"), Place(name="ANY PORT"))))
    asked = st.sampled_from(("COMMERCIAL INVOICE", "B/L", "PACKING LIST"))
    return cases.credit(
        credit_number=draw(papers), issued_on=START, expires_on=START + timedelta(days=draw(st.integers(0, 90))),
        applicant=draw(parties), beneficiary=draw(parties), amount=draw(money(lowest=0)),
        contract_numbers=draw(some(papers)), about=draw(st.booleans()), plus_percent=draw(maybe(st.integers(0, 100))),
        not_exceeding=draw(st.booleans()), transferable=draw(st.booleans()), cancelled=draw(st.booleans()),
        latest_shipment_on=draw(maybe(days)), presentation_days=draw(maybe(st.integers(0, 999))),
        partial_shipments=draw(maybe(st.sampled_from(Permission))),
        transhipment=draw(maybe(st.sampled_from(Permission))), loading=draw(place), discharge=draw(place),
        incoterm=draw(st.sampled_from((None, "FOB", "CIF"))), payment_days=draw(maybe(st.integers(0, 3650))),
        documents_required=draw(some(asked)),
    )  # fmt: skip


@st.composite
def invoices(draw: st.DrawFn) -> Document:
    currency = draw(currencies)
    amount = maybe(money(currency))
    credited = st.builds(Reference, kind=st.sampled_from(("invoice", "letter-of-credit")), number=papers)
    with_tax, prepaid, payable = draw(amount), draw(amount), draw(money(currency))
    if prepaid is not None and with_tax is None and EXACT.add(prepaid.amount, payable.amount).adjusted() >= 24:
        prepaid = None  # no invoice can be over so much
    totals = InvoiceTotals(
        lines=draw(amount), allowances=draw(amount), charges=draw(amount), without_tax=draw(amount), tax=draw(amount),
        with_tax=with_tax, prepaid=prepaid, rounding=draw(amount), payable=payable,
    )  # fmt: skip
    return cases.invoice(
        invoice_number=draw(papers), type_code=draw(st.sampled_from((None, "380", "381"))), issued_on=draw(days),
        references=draw(some(credited)),
        due_on=draw(maybe(days)), seller=draw(parties), buyer=draw(parties), currency=currency,
        contract_number=draw(maybe(papers)), order_number=draw(maybe(papers)), bill_numbers=draw(some(papers)),
        declaration_numbers=draw(some(numbers)), incoterm=draw(terms),
        payment_days=draw(maybe(st.integers(0, 3650))),
        lines=tuple(draw(st.lists(goods(currency), min_size=1, max_size=2))),
        allowances_charges=draw(some(charges(currency))), totals=totals,
    )  # fmt: skip


legs = st.builds(
    TransportStage, departed_on=maybe(days), arrived_on=maybe(days), discharge=maybe(places),
    pre_carriage=st.booleans(), transshipment=some(places, 1),
)  # fmt: skip


@st.composite
def bills(draw: st.DrawFn) -> Document:
    containers = some(st.sampled_from((cases.CONTAINER, cases.OTHER_CONTAINER, cases.WRONG_CONTAINER)))
    return cases.bill(
        bill_number=draw(papers), carrier_number=draw(maybe(papers)), issued_on=draw(days),
        type=draw(st.sampled_from(TransportType)), on_board_on=draw(maybe(days)), shipper=draw(parties),
        consignee=draw(maybe(parties)), notify=draw(some(parties)), packages=draw(maybe(st.integers(0, 200))),
        loading=draw(maybe(places)), discharge=draw(maybe(places)), stages=draw(some(legs)),
        net_weight_kg=draw(maybe(weights())), freight_payment=draw(maybe(st.sampled_from(FreightPayment))),
        clauses=draw(some(remarks)), on_deck=draw(st.booleans()), vessel=draw(maybe(papers)),
        voyage=draw(maybe(papers)),
        gross_weight_kg=draw(maybe(weights())), containers=tuple(Container(number=each) for each in draw(containers)),
        declaration_numbers=draw(some(numbers)), invoice_numbers=draw(some(papers)),
        contract_number=draw(maybe(papers)), imo_number=draw(st.sampled_from((None, "9074729", "9074728"))),
    )  # fmt: skip


@st.composite
def packing_lists(draw: st.DrawFn) -> Document:
    lines = st.builds(
        cases.packed, number=st.sampled_from("12"), hs_code=maybe(st.sampled_from(HS_CODES)), quantity=maybe(counts()),
        unit=maybe(st.sampled_from(UNITS)),
    )  # fmt: skip
    return cases.packing_list(
        list_number=draw(papers), seller=draw(parties), invoice_numbers=draw(some(papers)),
        contract_number=draw(maybe(papers)), packages=draw(maybe(st.integers(0, 200))),
        gross_weight_kg=draw(maybe(weights())), lines=tuple(draw(st.lists(lines, min_size=1, max_size=2))),
        net_weight_kg=draw(maybe(weights())),
    )  # fmt: skip


def insurances() -> st.SearchStrategy[Any]:
    return st.builds(
        cases.insurance, policy_number=papers, issued_on=days, effective_on=maybe(days), insured_amount=money(),
        invoice_numbers=some(papers), bill_numbers=some(papers), contract_number=maybe(papers),
    )  # fmt: skip


@st.composite
def receipts(draw: st.DrawFn) -> Document:
    references = st.builds(Reference, kind=st.just("invoice"), number=papers | numbers)
    return cases.receipt(
        reference=draw(papers), payer=draw(maybe(parties)), ultimate_payer=draw(maybe(parties)),
        payer_account=draw(st.sampled_from((None, "110092691", "DE893704"))),
        amount=draw(money(lowest=1)), instructed_amount=draw(maybe(money())), value_on=draw(days),
        status=draw(st.sampled_from(ReceiptStatus)), reversal=draw(st.booleans()), references=draw(some(references)),
        trade_credit_report=draw(maybe(papers)),
    )  # fmt: skip


@st.composite
def records(draw: st.DrawFn, documents: st.SearchStrategy[Document], most: int = 3) -> tuple[Record[Any], ...]:
    """The documents as stored, one for each id, by any member."""
    found: dict[str, Record[Any]] = {}
    for document in draw(st.lists(documents, max_size=most)):
        written = datetime(2026, 4, 10, tzinfo=UTC) + timedelta(hours=draw(st.integers(-48, 48)))
        version, issuer = draw(st.integers(1, 3)), draw(st.sampled_from((*cases.ROLES, "StrangerMSP")))
        found[document.id] = cases.record(document, version=version, issuer=issuer, written_at=written)
    return tuple(found.values())


def positions() -> st.SearchStrategy[Position]:
    return st.builds(Position, declaration_number=numbers, held=some(money(lowest=0)))


def namings() -> st.SearchStrategy[ReceiptNaming]:
    def named(number: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[NamedPaper, ...]]:
        return some(st.builds(NamedPaper, number=number, amount=maybe(money())))

    return st.builds(
        ReceiptNaming, receipt_id=papers, amount=money(), dated=days, declarations=named(numbers),
        invoices=named(papers.map(compared_number)), doubtful=st.booleans(),
        ordered=maybe(st.builds(Order, amount=money(lowest=1), exchanged=st.booleans())),
    )  # fmt: skip


def unallocated() -> st.SearchStrategy[Unallocated]:
    names = st.sampled_from(("", cases.BUYER.name, cases.THIRD_PARTY.name))
    return st.builds(
        Unallocated, receipt_id=papers, amount=money(lowest=1), whole=maybe(money(lowest=1)), payer=names, dated=days,
        mentioned=st.lists(papers.map(compared_number), max_size=2).map(tuple),
    )  # fmt: skip


@st.composite
def applications(draw: st.DrawFn) -> LoanApplication:
    wanted = draw(st.lists(numbers, min_size=1, max_size=3, unique=True))
    applied, tenor = draw(days), draw(st.integers(1, 400))
    return cases.application(
        applied_on=applied, matures_on=applied + timedelta(days=tenor), expected_receipt_on=draw(days),
        amount=draw(money("CNY", lowest=1)), contracts=draw(some(papers)), letters_of_credit=draw(some(papers)),
        invoices=draw(some(papers)), transport_documents=draw(some(papers)), packing_lists=draw(some(papers)),
        receipts=draw(some(papers)),
        declarations=tuple(cases.financed(number, draw(money(lowest=1))) for number in wanted),
    )  # fmt: skip


registrations = st.builds(
    Registration, number=papers, registered_on=days, valid_until=maybe(days), amount=maybe(money(lowest=0)),
    declaration_numbers=some(numbers),
)  # fmt: skip


def differences() -> st.SearchStrategy[Any]:
    def ended(until: date, totals: tuple[Money, ...]) -> Document:
        names = dict(zip(("imports", "exports", "receipts", "payments"), totals, strict=True))
        return cases.total_difference(period_from=until - timedelta(days=364), period_until=until, **names)

    totals = currencies.flatmap(lambda code: st.tuples(*[money(code, lowest=0)] * 4))
    return st.builds(ended, days, totals)


@st.composite
def exported(draw: st.DrawFn, declared: list[Any]) -> Exported:
    """What was counted of some of the case's declarations and of others, each several times."""
    others = draw(st.lists(numbers.flatmap(declarations), max_size=2))
    counts: dict[str, int] = {}
    for each in (*others, *(declared if draw(st.booleans()) else ())):
        times = draw(st.integers(1, 9))
        for name in each.exported_as:
            counts[name] = counts.get(name, 0) + times
    return Exported.of(counts)


@st.composite
def packing_loans(draw: st.DrawFn) -> LoanApplication:
    wanted = draw(st.lists(st.sampled_from(PAPERS[:4:2]), min_size=1, unique=True))
    kind = draw(st.sampled_from(("contract", "letter-of-credit")))
    frames = tuple(FinancedFrame(kind=kind, number=number, amount=draw(money(lowest=1))) for number in wanted)
    return cases.packing(
        frames=frames, contracts=tuple(wanted), letters_of_credit=tuple(wanted), matures_on=cases.APPLIED
        + timedelta(days=draw(st.integers(1, 400))), amount=None,
    )  # fmt: skip


def frame_positions() -> st.SearchStrategy[FramePosition]:
    accounts = st.builds("{}{}:{}".format, st.sampled_from(("", "credit ")), st.sampled_from((cases.SELLER.uscc,)),
                         st.sampled_from(("A1", "A2")))  # fmt: skip
    return st.builds(FramePosition, account=accounts, held=some(money(lowest=0)))


def classifications() -> st.SearchStrategy[Any]:
    return st.builds(
        cases.classification,
        enterprise_class=st.sampled_from(EnterpriseClass),
        quota=maybe(money(lowest=0)),
        registrations=some(registrations),
        valid_from=days,
        valid_until=st.none(),
    )


def rates() -> st.SearchStrategy[Any]:
    return st.builds(
        cases.rate,
        currency=st.sampled_from(("USD", "EUR", "JPY", "KWD")),
        quoted_on=st.just(START) | days,
        unit=st.sampled_from((1, 3, 100)),
        cny=st.just(Decimal(710)) | decimals(1, 18, 12).filter(lambda value: value > 0),
    )


def price_bands() -> st.SearchStrategy[Any]:
    return st.builds(
        cases.price_band,
        hs_code=st.sampled_from(("85044020", "85049090", "27011100")),
        unit=st.sampled_from(("C62", "KGM", "XCT")),
        quarter=st.sampled_from(("2025-Q4", "2026-Q1", "2026-Q2")),
        median=st.sampled_from(("0.000000000001", "0.001", "7.1", "1420", "999" + "0" * 15)),
        mad=st.sampled_from((0, "0.001", "0.1", "12.345")),
    )


@st.composite
def arbitrary_cases(draw: st.DrawFn) -> Case:
    amounts = some(money(), 3)
    declared = [draw(declarations(number)) for number in draw(st.lists(numbers, unique=True, max_size=3))]
    kept, opened = draw(records(contracts())), draw(records(letters_of_credit()))
    matches = st.builds(
        PaperMatch, kind=st.sampled_from(("invoice", "contract", "transport")), id=papers,
        similarity=st.sampled_from(Similarity), standing=st.sampled_from(PaperStanding), same_bank=st.booleans(),
        container=st.sampled_from(("", cases.CONTAINER)),
    )  # fmt: skip
    totals = ExporterTotals(
        since=START, until=START + timedelta(days=90), declared=draw(amounts), received=draw(amounts),
        exported=draw(exported(declared)),
    )  # fmt: skip
    return Case(
        application=cases.record(draw(applications() | packing_loans())),
        frame_positions=draw(some(frame_positions())),
        policy=draw(st.sampled_from((cases.policy(), STRICT))),
        today=draw(days),
        declarations=draw(records(st.sampled_from(declared))) if declared else (),
        contracts=kept,
        letters_of_credit=opened,
        invoices=draw(records(invoices())),
        transport_documents=draw(records(bills())),
        packing_lists=draw(records(packing_lists())),
        insurance_documents=draw(records(insurances())),
        receipts=draw(records(receipts())),
        declaration_copies=draw(records(copies(declared))) if declared else (),
        earlier_declarations=draw(records(st.sampled_from(declared))) if declared else (),
        total_differences=draw(records(differences())),
        other_financings=draw(amounts),
        classifications=draw(records(classifications())),
        rates=draw(records(rates(), 6)),
        price_bands=draw(records(price_bands(), 4)),
        positions=draw(some(positions())),
        namings=draw(some(namings())),
        unallocated=draw(some(unallocated())),
        matches=draw(some(matches)),
        contract_totals=tuple(
            ContractTotal(contract_id=frame, invoices=2, amounts=draw(amounts))
            for frame in (*(each.id for each in kept[:1]), *(credit_account(each.id) for each in opened[:1]))
        ),
        exporter_totals=draw(st.sampled_from((None, totals))),
        roles=draw(st.sampled_from((cases.ROLES, {"EximbankMSP": Role.CUSTOMS}, {}))),
        approving=draw(st.sampled_from((None, cases.MAKER, cases.CHECKER))),
        applied_at=draw(st.sampled_from((None, cases.APPLIED_AT))),
    )
