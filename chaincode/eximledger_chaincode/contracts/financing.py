"""financing: the register on the fx channel: what declarations have free, who holds it, which papers are financed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.casefile.assembling import MAX_FINGERPRINTS
from eximledger_chaincode.contracts.casefile.facts import FinancingFacts, ReservationFacts
from eximledger_chaincode.contracts.papers.reading import exporter_received, read_named, read_records
from eximledger_chaincode.contracts.papers.receipts import receipts_naming, unallocated
from eximledger_chaincode.contracts.register.balance import read_balances, read_position
from eximledger_chaincode.contracts.register.holding import read_register
from eximledger_chaincode.contracts.register.matching import read_matches
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import (
    EXPORTER,
    MEMBERS_KEY,
    RESERVATION,
    RESERVATION_BANK,
    RESERVATION_HELD,
    position_key,
    reservation_key,
)
from eximledger_chaincode.contracts.state.members import consortium_of, read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX, require_channel
from eximledger_chaincode.contracts.state.paging import PageSize, key_page, page_json
from eximledger_chaincode.contracts.state.records import decode, object_json, record_list
from eximledger_chaincode.documents import MAX_NAMED, DeclarationStatus, ExportDeclaration, FinancedDeclaration, Record
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Uscc
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import OPEN, RELEASABLE, LoanId, Standing
from eximledger_chaincode.lending.register import (
    HeldPosition,
    PaperFingerprint,
    Position,
    Reservation,
    ReservationPage,
    ReservationState,
)
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction
from hlf_chaincode.errors import NotAuthorized, NotFound, Refused
from hlf_chaincode.stub import split_composite_key

__all__ = ["FinancingContract"]

Numbers: TypeAlias = Annotated[list[DeclarationNumber], Field(max_length=MAX_NAMED)]
Receipts: TypeAlias = Annotated[list[Number], Field(max_length=MAX_NAMED)]
InvoiceNumbers: TypeAlias = Annotated[list[Number], Field(max_length=2 * MAX_NAMED)]
"""As the application writes them, and as its papers do."""
Fingerprints: TypeAlias = Annotated[list[PaperFingerprint], Field(max_length=MAX_FINGERPRINTS)]
Declarations: TypeAlias = list[Record[ExportDeclaration] | None]


class FinancingContract(Contract):
    """Balance is taken by `reserve` and freed by `release`; neither takes the client's word for anything."""

    name: ClassVar[str] = "financing"

    @transaction
    async def reserve(self, context: Context, loan_id: LoanId) -> Reservation:
        """Hold what the loan's application asks for, or refuse. Held already for the same application: unchanged;
        with less than an hour left, or expired: renewed; for an older application: made anew."""
        require_channel("financing", FX, context.channel)
        loan = await ask(context, ReservationFacts, BANK, "loans:reservation_facts", loan_id)
        members, stored = await context.stub.get_states([MEMBERS_KEY, reservation_key(loan_id)])
        require_role(context, consortium_of(members, context.channel), {Role.BANK})
        _require_may_reserve(context, loan)
        held = decode(Reservation, stored) if stored else None
        made = held is not None and held.covers(loan.version, loan.items, loan.papers)
        if held is not None and made and held.is_approvable(context.timestamp):
            return held
        return await _reserve(context, loan, held)

    @transaction
    async def release(self, context: Context, loan_id: LoanId) -> Reservation:
        """Free what a loan holds, once the bank channel says that it can never be approved, or is repaid."""
        require_channel("financing", FX, context.channel)
        loan = await ask(context, Standing, BANK, "loans:standing", loan_id)
        members, stored = await context.stub.get_states([MEMBERS_KEY, reservation_key(loan_id)])
        require_role(context, consortium_of(members, context.channel), {Role.BANK, Role.FX_BUREAU})
        reservation = _present(stored, loan_id)
        if reservation.state is ReservationState.RELEASED:
            return reservation
        if loan.state not in RELEASABLE:
            raise Refused(
                f"loan {loan_id} is {loan.state} on the bank channel: its balance is freed once it is "
                f"{', '.join(sorted(RELEASABLE))}",
                loan_id=loan_id,
                state=loan.state,
            )
        register = await read_register(context, loan_id, reservation.bank, (), (), reservation)
        register.hold(())
        if not loan.disbursed:
            register.forget()
        released = reservation.model_copy(update={"state": ReservationState.RELEASED, "released_at": context.timestamp})
        await register.write(context, released)
        context.set_event("financing.released", {"loan_id": loan_id, "bank": reservation.bank})
        return released

    @query
    async def balance(self, context: Context, declaration_number: DeclarationNumber) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        require_channel("financing", FX, context.channel)
        records = await ask(context, Declarations, CUSTOMS, "documents:get_many", "declaration", [declaration_number])
        if records[0] is None:
            raise NotFound(f"customs has no declaration {declaration_number}", kind="declaration")
        stored = await context.stub.get_state(position_key(declaration_number))
        holds = decode(HeldPosition, stored).holds if stored else ()
        (balance,) = await read_balances(context, [records[0].document], [holds])
        return balance

    @query
    async def reservation(self, context: Context, loan_id: LoanId) -> Reservation:
        """What a loan holds or held."""
        require_channel("financing", FX, context.channel)
        return _present(await context.stub.get_state(reservation_key(loan_id)), loan_id)

    @query
    async def reservations(
        self, context: Context, bank: str = "", page_size: PageSize = 100, bookmark: str = ""
    ) -> Encoded[ReservationPage]:
        """A page of reservations by loan id, all of them or one bank's."""
        require_channel("financing", FX, context.channel)
        if not bank:
            page = await key_page(context, RESERVATION, (), page_size, bookmark)
            return Encoded(page_json("reservations", page.values, page.bookmark))
        return await _indexed(context, RESERVATION_BANK, bank, page_size, bookmark)

    @query
    async def held(
        self, context: Context, bank: str = "", page_size: PageSize = 100, bookmark: str = ""
    ) -> Encoded[ReservationPage]:
        """A page of the reservations that hold balance now, by bank and loan id: all of them or one bank's. Those that
        were released cost it nothing."""
        require_channel("financing", FX, context.channel)
        return await _indexed(context, RESERVATION_HELD, bank, page_size, bookmark)

    @query
    async def facts(
        self,
        context: Context,
        loan_id: LoanId,
        exporter: Uscc,
        numbers: Numbers,
        receipts: Receipts,
        fingerprints: Fingerprints,
        since: date,
        until: date,
        invoices: InvoiceNumbers,
    ) -> Encoded[FinancingFacts]:
        """What the fx channel knows for a loan's case; the loan's own holds and papers are left out. `invoices` are
        numbers in their compared form."""
        require_channel("financing", FX, context.channel)
        consortium = await read_consortium(context)
        namings = await receipts_naming(context, exporter, numbers, invoices)
        naming = {each.receipt_id for each in namings}
        nothing = [each for each in await unallocated(context, exporter, since, until) if each.receipt_id not in naming]
        reservation = await context.stub.get_state(reservation_key(loan_id))
        classifications = await _classifications(context, exporter)
        named = await read_named(context, {"receipt": receipts}, exporter, "")
        parts = {
            "classifications": record_list(classifications),
            "matches": canonical_json(await read_matches(context, loan_id, fingerprints)),
            "positions": canonical_json(await _positions(context, loan_id, exporter, numbers)),
            "receipts": record_list(named["receipt"]),
            "namings": canonical_json(namings),
            "received": canonical_json(await exporter_received(context, exporter, since, until)),
            "unallocated": canonical_json(nothing),
            "reservation": reservation,
            "roles": canonical_json(consortium.roles),
        }
        return Encoded(object_json(parts))


def _require_may_reserve(context: Context, loan: ReservationFacts) -> None:
    if loan.bank != context.creator.msp_id:
        raise NotAuthorized(f"loan {loan.loan_id} is {loan.bank}'s: only that bank reserves for it", bank=loan.bank)
    if loan.state not in OPEN:
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: balance is held for a loan that is still to be decided",
            loan_id=loan.loan_id,
            state=loan.state,
        )


async def _reserve(context: Context, loan: ReservationFacts, held: Reservation | None) -> Reservation:
    numbers = [item.declaration_number for item in loan.items]
    records = await ask(context, Declarations, CUSTOMS, "documents:get_many", "declaration", numbers)
    declarations = [_financeable(number, record, loan) for number, record in zip(numbers, records, strict=True)]
    register = await read_register(context, loan.loan_id, loan.bank, loan.items, loan.papers, held)
    others = [register.positions[position_key(number)].without(loan.loan_id).holds for number in numbers]
    balances = await read_balances(context, declarations, others)
    for item, balance in zip(loan.items, balances, strict=True):
        _require_free(item, balance)
    register.hold(loan.items)
    register.register(loan.papers)
    reservation = Reservation(
        loan_id=loan.loan_id,
        loan_version=loan.version,
        bank=loan.bank,
        items=loan.items,
        fingerprints=loan.papers,
        reserved_at=context.timestamp,
        expires_at=context.timestamp + timedelta(hours=loan.reservation_hours),
        state=ReservationState.HELD,
    )
    await register.write(context, reservation)
    context.set_event(
        "financing.reserved",
        {"loan_id": loan.loan_id, "bank": loan.bank, "expires_at": reservation.expires_at},
    )
    return reservation


def _financeable(number: str, record: Record[ExportDeclaration] | None, loan: ReservationFacts) -> ExportDeclaration:
    """The declaration, if customs knows it, it is the applicant's and stands. Raises `Refused` naming it."""
    if record is None:
        raise Refused(f"customs has no declaration {number}", declaration=number)
    if record.exporter != loan.exporter:
        raise Refused(f"declaration {number} is another exporter's", declaration=number)
    if record.document.status is DeclarationStatus.CANCELLED:
        raise Refused(f"declaration {number} is cancelled", declaration=number)
    return record.document


def _require_free(item: FinancedDeclaration, balance: Balance) -> None:
    number = item.declaration_number
    if item.amount.currency != balance.free.currency:
        raise Refused(
            f"declaration {number} is in {balance.free.currency}: occupy it in that currency, "
            f"not in {item.amount.currency}",
            declaration=number,
        )
    if item.amount > balance.free:
        raise Refused(
            f"declaration {number} has {balance.free} free of {balance.value} "
            f"({balance.held} held, {balance.collected} collected): {item.amount} is more",
            declaration=number,
            free=str(balance.free),
        )


async def _indexed(context: Context, index: str, bank: str, page_size: int, bookmark: str) -> Encoded[ReservationPage]:
    """A page of the reservations that an index by bank and loan names; of all banks where none is given."""
    page = await key_page(context, index, (bank,) if bank else (), page_size, bookmark)
    stored = await context.stub.get_states([reservation_key(loan_id) for _, loan_id in page.attributes])
    present = [value for value in stored if value is not None]
    return Encoded(page_json("reservations", present, page.bookmark))


def _present(stored: bytes | None, loan_id: str) -> Reservation:
    if stored is None:
        raise NotFound(f"loan {loan_id} holds nothing: reserve first", loan_id=loan_id)
    return decode(Reservation, stored)


async def _classifications(context: Context, exporter: str) -> list[bytes]:
    """Records of every class that the exporter ever had."""
    rows = context.stub.get_state_by_partial_composite_key(EXPORTER, ("classification", exporter))
    ids = [split_composite_key(row.key)[1][3] async for row in rows]
    return [record for record in await read_records(context, "classification", ids, "") if record is not None]


async def _positions(context: Context, loan_id: str, exporter: str, numbers: Sequence[str]) -> list[Position]:
    """What the register knows of each declaration, the loan's own holds left out."""
    stored = await context.stub.get_states([position_key(number) for number in numbers])
    found = []
    for number, value in zip(numbers, stored, strict=True):
        holds = decode(HeldPosition, value).without(loan_id).holds if value else ()
        found.append(await read_position(context, number, exporter, holds))
    return found
