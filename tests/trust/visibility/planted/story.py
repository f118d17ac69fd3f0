"""The whole business of two banks with three exporters, played through the desk, as everybody's officers do.

eximbank's client is Ahorn, tradebank's is Birke, and Ceder has authorised both. A third bank looks on. Of the
contracts' own functions nothing is used here but through `LoanDesk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from stdnum.cn import uscc
from tests.eximledger_chaincode.contracts import trade
from tests.trust.visibility.expectation import Fact
from tests.trust.visibility.places.venue import Venue
from tests.trust.visibility.planted.papers import Export, Exporter, exporter, policy, rates
from tests.trust.visibility.planted.planting import MSP, Chance, Planted, Subject

from eximledger.desk import LoanDesk, heading_of
from eximledger.testing import authority_certificate, signed_authorisation
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.documents import (
    DeclarationStatus,
    Document,
    FinancedDeclaration,
    FxReceipt,
    LegalForce,
    ListedKind,
    LoanApplication,
    Money,
    ReceiptStatus,
    WatchEntry,
)
from eximledger_chaincode.documents.attached.attachment import NewAttachment
from eximledger_chaincode.documents.parts.terms import Condition, InterestPaid, LoanTerms
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt, ReceiptTaken
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.steps import ConditionMet, Exchange, Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Finding
from eximledger_chaincode.rules import Severity, Verdict
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_client.errors import Refused

__all__ = ["Story", "played"]

NOBODY_USCC = f"91520690M99999999{uscc.calc_check_digit('91520690M99999999')}"
"""Of no exporter."""
BANKS = ("eximbank", "tradebank")
BOTH = frozenset(BANKS)
TERMS = LoanTerms(rate_percent=Decimal("4.37"), interest=InterestPaid.ADVANCE, conditions=(Condition.SIGNED_CONTRACT,))
"""Rates have too few digits to be looked for; the interest that they come to is planted."""
Desks: TypeAlias = Callable[[str], LoanDesk]
"""A desk in somebody's name, `member/user`."""
_DIGESTS = frozenset({"hit", "subject", "sha256"})
"""Arguments that are hashes."""


@dataclass(slots=True)
class Story:
    """What is played on one ledger, and what was planted in it."""

    desk: Desks
    today: date
    planted: Planted = field(default_factory=Planted)
    chance: Chance = field(default_factory=Chance)
    loans: dict[str, str] = field(default_factory=dict)
    """The bank of each loan."""
    exports: dict[str, Export] = field(default_factory=dict)
    received: dict[str, list[str]] = field(default_factory=dict)
    """References of receipts by declaration."""
    cleared: int = 0
    """Hits that two persons said were nobody of a list."""

    async def play(self) -> Planted:
        """From the first paper to the last repayment."""
        ahorn = exporter(self.planted, self.chance, "Ahorn Motors", "贵州枫树电机有限公司", {"eximbank"})
        birke = exporter(self.planted, self.chance, "Birke Pumps", "贵州白桦水泵有限公司", {"tradebank"})
        ceder = exporter(self.planted, self.chance, "Ceder Cables", "贵州雪松电缆有限公司", BOTH)
        await self._open([ahorn, birke, ceder])
        await self._declare({"ahorn": ahorn, "birke": birke, "ceder": ceder, "spare": ahorn})
        await self._name_authority()
        for each in (ahorn, birke, ceder):
            await self.authorise(each)
        await self._receive()
        for bank, names in (("eximbank", ("ahorn", "ceder")), ("tradebank", ("birke", "ceder"))):
            await self._file(bank, [self.exports[name] for name in names])
        await self.pull()
        for bank in BANKS:
            await self._watch(bank)
        await self._lend("eximbank", "ahorn")
        await self._lend("tradebank", "birke")
        await self._share("ceder")
        await self._pack("eximbank", "spare")
        await self._change()
        assert self.cleared == len(BANKS), "a bank's own list hits a buyer of its client's"
        for bank in BANKS:
            for found in await self.desk(f"{bank}/maker").screen():
                self._plant_findings(bank, found.findings)
        for loan_id, bank in self.loans.items():
            self._plant_loan(bank, await self.desk(f"{bank}/maker").loan(loan_id))
        return self.planted

    # -- consent -------------------------------------------------------------------------------------------------------

    async def _name_authority(self) -> None:
        """The members vote for the authority that vouches for exporters."""
        pem = authority_certificate()
        for person in ("safe/officer", "customs/officer", "eximbank/admin"):
            desk = self.desk(person)
            await desk.vote([
                each.model_copy(update={"exporters_authority": (pem,)}) if each.role is Role.FX_BUREAU else each
                for each in await desk.members()
            ])  # fmt: skip

    async def authorise(self, owner: Exporter) -> None:
        """The exporter lets its banks read, for a purpose that is planted."""
        assert owner.party.uscc is not None
        for bank in sorted(owner.banks):
            token, number = self.chance.token(), self.chance.number("AU-")
            purpose = f"Financing of {token}"
            for what, value in (("purpose", purpose), ("purpose, a word", token), ("number", number)):
                self.planted.plant(Fact.AUTHORISATION, f"authorisation's {what}", value, {bank})
            signed = signed_authorisation(owner.party.uscc, MSP[bank], self.today, number=number, purpose=purpose)
            await self.desk(f"{bank}/maker").authorise(signed)
            named: Mapping[str, object] = {"exporter": owner.party.uscc, "bank": MSP[bank]}
            decoy = {"exporter": NOBODY_USCC, "bank": MSP[bank]}
            self.planted.subjects.append(
                Subject(
                    Fact.AUTHORISATION, f"what {owner.party.name} lets {bank} read", frozenset({bank}), named, decoy
                )
            )

    async def pull(self) -> None:
        """Each bank's officer gets what its exporters have authorised it for."""
        for export in self.exports.values():
            assert export.seller.party.uscc is not None
            for bank in sorted(export.seller.banks):
                await self.desk(f"{bank}/maker").pull(
                    export.seller.party.uscc, [export.number],
                    invoices=[export.invoice_number], receipts=self.received.get(export.number, []),
                )  # fmt: skip

    # -- what the authorities file -------------------------------------------------------------------------------------

    async def _open(self, exporters: Iterable[Exporter]) -> None:
        """The day, rates, classes, and the banks' policies by two persons."""
        safe = self.desk("safe/officer")
        await safe.open_day(self.today)
        await safe.file(rates(self.today))
        for each in exporters:
            await self._publish("safe/officer", each.classification(), each.banks)
            await self._publish("safe/officer", each.total_difference(self.today), each.banks)
        for bank in BANKS:
            made = policy(self.planted, self.chance, bank, MSP[bank], self.today)
            self.planted.document(made, {bank})
            sha256 = policy_hash(made)
            await self.desk(f"{bank}/admin").propose_policy(made)
            await self.desk(f"{bank}/risk").confirm_policy(sha256)
            named: Mapping[str, object] = {"bank": MSP[bank], "sha256": sha256}
            self.planted.subjects.append(Subject(Fact.POLICY, f"{bank}'s policy", frozenset({bank}), named, {}))

    async def _declare(self, sellers: Mapping[str, Exporter]) -> None:
        for serial, (name, seller) in enumerate(sellers.items(), start=1):
            export = Export.planted(self.planted, self.chance, seller, self.today, serial)
            self.exports[name] = export
            await self._publish("customs/officer", export.declaration(), seller.banks)

    async def _receive(self) -> None:
        """Money from each buyer: announced and then booked, allocated to the declaration or naming the invoice."""
        for name in ("ahorn", "birke", "ceder"):
            export = self.exports[name]
            for allocated in (True, False):
                booked = export.receipt(self.planted, self.chance, allocated=allocated)
                self.received.setdefault(export.number, []).append(booked.reference)
                announced: FxReceipt = booked.model_copy(update={"status": ReceiptStatus.PENDING})
                for each in (announced, booked):
                    await self._publish("safe/officer", each, export.seller.banks)

    async def _change(self) -> None:
        """An amendment, a cancellation, a class that is given anew."""
        ahorn, spare = self.exports["ahorn"], self.exports["spare"]
        for amended in (
            ahorn.declaration(remarks=ahorn.remarks),
            spare.declaration(status=DeclarationStatus.CANCELLED, remarks=spare.remarks),
        ):
            await self._publish("customs/officer", amended, {"eximbank"})
        anew = ahorn.seller.classification().model_copy(update={"valid_until": self.today + timedelta(days=200)})
        await self._publish("safe/officer", anew, {"eximbank"})
        coming = anew.model_copy(update={"valid_from": self.today + timedelta(days=201), "valid_until": None})
        await self._publish("safe/officer", coming, {"eximbank"})

    async def _publish(self, person: str, document: Document, banks: Iterable[str]) -> None:
        self.planted.document(document, banks)
        await self.desk(person).file(document)

    # -- what the banks do ---------------------------------------------------------------------------------------------

    async def _file(self, bank: str, exports: Iterable[Export]) -> None:
        for export in exports:
            export.plant_papers(self.planted, bank, MSP[bank])
            for paper in export.papers:
                self.planted.document(paper, export.seller.banks)
                await self.desk(f"{bank}/maker").file(paper)
            amended = export.packing_list.model_copy(update={"packages": 11})
            self.planted.document(amended, export.seller.banks)
            await self.desk(f"{bank}/maker").file(amended)
            await self._attach(bank, export)

    async def _attach(self, bank: str, export: Export) -> None:
        """A scan of the invoice, with a word in its name and pages that nobody else has."""
        word, invoice = self.chance.token(), export.invoice
        scan = b"%PDF-1.7 " + word.encode()
        name, size = f"scan of {word}.pdf", len(scan)
        for what, value in (("name", name), ("name, a word", word), ("hash", sha256_hex(scan))):
            self.planted.plant(Fact.ATTACHMENT, f"{bank}'s scan: {what}", value, {bank})
        attached = await self.desk(f"{bank}/maker").note_attachment(
            invoice.KIND, invoice.id,
            NewAttachment(sha256=sha256_hex(scan), media_type="application/pdf", size=size, name=name),
        )  # fmt: skip
        self.planted.answer(f"{bank}'s scan", attached, {bank})
        arguments: dict[str, object] = {
            "kind": invoice.KIND, "id": invoice.id, "bank": MSP[bank],
            "attachment": attached.model_dump(mode="json", include={"sha256", "media_type", "size", "name"}),
        }  # fmt: skip
        decoy = arguments | {"id": f"{invoice.id[:-3]}{int(invoice.id[-3:]) ^ 0x2A:03}"}
        self.planted.subjects.append(
            Subject(Fact.ATTACHMENT, f"what {bank} attached", export.seller.banks, arguments, decoy)
        )

    async def _watch(self, bank: str) -> None:
        """A watch list of the bank's own, of whom nobody knows."""
        word, list_id = self.chance.token(), f"L-{self.chance.token().upper()}"
        name, entry_id = f"Quill {word} Handel", self.chance.number("W-")
        named = WatchEntry(entry_id=entry_id, kind=ListedKind.ENTITY, name=name, aliases=(f"{word} Federkiel",))
        alike, alike_id = self._alike(bank)
        entries_of_list = sorted([named, alike], key=lambda each: each.entry_id)
        heading, entries = heading_of(
            entries_of_list, own=True, list_id=list_id, title=f"Whom {word} is about", source=f"Desk {word}",
            force=LegalForce.INTERNAL, edition=f"{word}-1", published_on=self.today, valid_from=self.today,
        )  # fmt: skip
        filing = filing_of(heading)
        for what, value in (
            ("name", name),
            ("name, a word", word),
            ("entry's id", entry_id),
            ("id", list_id),
            ("filing", filing),
            ("entries' hash", heading.entries_sha256),
            ("entry's hash", sha256_hex(canonical_json(named))),
            ("second entry's name", alike.name or ""),
            ("second entry's id", alike_id),
            ("second entry's hash", sha256_hex(canonical_json(alike))),
        ):
            self.planted.plant(Fact.WATCHED, f"own list's {what}", value, {bank})
        self.planted.document(heading, {bank})
        await self.desk(f"{bank}/maker").file_list(heading, entries)
        party = {"kind": "party", "names": [name]}
        arguments: dict[str, object] = {
            "bank": MSP[bank], "list_id": list_id, "entry_id": entry_id, "subjects": [party], "filing": filing,
        }  # fmt: skip
        decoy: dict[str, object] = {
            "bank": MSP[bank], "list_id": f"L-{self.chance.token().upper()}", "entry_id": self.chance.number("W-"),
            "subjects": [{**party, "names": [f"Quill {self.chance.token()} Handel"]}], "filing": "f" * 32,
        }  # fmt: skip
        self.planted.subjects.append(Subject(Fact.WATCHED, f"{bank}'s own list", frozenset({bank}), arguments, decoy))

    def _alike(self, bank: str) -> tuple[WatchEntry, str]:
        """Somebody called nearly as a buyer of the bank's client is."""
        buyer = self.exports["ahorn" if bank == "eximbank" else "birke"].buyer.name
        name, entry_id = buyer.replace(" GmbH", " Zwei GmbH"), self.chance.number("W-")
        return WatchEntry(entry_id=entry_id, kind=ListedKind.ENTITY, name=name), entry_id

    async def _clear(self, bank: str, loan_id: str) -> None:
        """Two persons say of each hit, with a reason, that the buyer is not whom the bank's list means."""
        maker, checker = self.desk(f"{bank}/maker"), self.desk(f"{bank}/checker")
        cleared = {each.key for each in (await maker.open_case(loan_id)).clearings if each.confirmed_by is not None}
        for hit in (await maker.open_case(loan_id)).hits:
            if hit.key in cleared:
                continue
            reason = self._reason(bank, "clearing")
            proposed = await maker.propose_clearing(loan_id, hit.key, reason)
            done = await checker.confirm_clearing(hit.subject, proposed.sha256)
            for what, value in (("a hit", hit), ("a proposed clearing", proposed), ("a clearing", done)):
                self.planted.answer(what, value, {bank})
            for what, digest in (("hit's key", hit.key), ("subject's digest", hit.subject)):
                self.planted.plant(Fact.WATCHED, what, digest, {bank})
            arguments: dict[str, object] = {
                "loan_id": loan_id, "bank": MSP[bank], "hit": hit.key, "subject": hit.subject, "reason": reason,
                "sha256": proposed.sha256,
            }  # fmt: skip
            other = {name: sha256_hex(str(value).encode()) for name, value in arguments.items() if name in _DIGESTS}
            decoy = arguments | other | {"loan_id": f"{loan_id[:-4]}{int(loan_id[-4:], 16) ^ 0x2A2A:04x}"}
            self.planted.subjects.append(Subject(Fact.WATCHED, "a clearing", frozenset({bank}), arguments, decoy))
            self.cleared += 1

    async def _lend(self, bank: str, name: str) -> None:
        """Six loans to six ends."""
        maker, checker = self.desk(f"{bank}/maker"), self.desk(f"{bank}/checker")
        repaid = await self._apply(bank, name, with_papers=True)
        await self._apply(bank, name, with_papers=True, again=repaid)
        await maker.check(repaid)
        await maker.refer(repaid, self._reason(bank, "referral"))
        await self._approve(bank, repaid)
        await self._pay(bank, repaid, Step.DISBURSEMENT)
        await self._live(bank, repaid)
        rejected = await self._apply(bank, name)
        await maker.check(rejected)
        await checker.reject(rejected, self._reason(bank, "rejection"))
        await maker.withdraw(await self._apply(bank, name), self._reason(bank, "withdrawal"))
        undrawn = await self._apply(bank, name)
        await self._approve(bank, undrawn)
        await self._end(bank, undrawn, Step.WITHDRAWAL)
        lost = await self._apply(bank, name)
        await self._approve(bank, lost)
        await self._pay(bank, lost, Step.DISBURSEMENT)
        await self._end(bank, lost, Step.WRITE_OFF)
        await self._propose(bank, await self._approve(bank, await self._apply(bank, name)), Step.DISBURSEMENT)

    async def _live(self, bank: str, loan_id: str) -> None:
        """Repaid in part out of a receipt, extended, asked of an insurer, and repaid by both."""
        maker = self.desk(f"{bank}/maker")
        offers = await maker.offered(loan_id)
        offer = next(each for each in offers if each.left.amount)
        await self._confirm(bank, loan_id, self._sold(bank, loan_id, offer))
        await self._extend(bank, loan_id, (await maker.loan(loan_id)).matures_on + timedelta(days=30))
        insurer, asked = f"Assekuranz {self.chance.token().title()} SE", self.chance.amount(1_100_000, 1_900_000)
        self.planted.plant(Fact.PAYMENT, "insurer", insurer, {bank})
        await self._confirm(bank, loan_id, self._paid(bank, Step.INDEMNITY, asked, insurer=insurer))
        paid = self.chance.amount(1_000_000, 1_100_000)
        await self._confirm(bank, loan_id, self._paid(bank, Step.REPAYMENT, paid, source="insurer"))
        rest = (await maker.account(loan_id)).owed.amount
        await self._confirm(bank, loan_id, self._paid(bank, Step.REPAYMENT, rest))

    async def _extend(self, bank: str, loan_id: str, until: date) -> None:
        """Refused until what refers it is set aside by name."""
        said: dict[str, object] = {"step": Step.EXTENSION, "matures_on": until, "rate_percent": "4.9"}
        said["reason"] = self._reason(bank, "extension")
        await self._agree(bank, loan_id, said)

    async def _agree(self, bank: str, loan_id: str, said: dict[str, object]) -> None:
        """Confirmed when all that refers it is set aside."""
        try:
            await self._confirm(bank, loan_id, Proposal.model_validate(said))
        except Refused as refused:
            referring = str(refused.details["findings"]).split(", ")
            said["overrides"] = [{"finding": each, "reason": self._reason(bank, "override")} for each in referring]
            await self._confirm(bank, loan_id, Proposal.model_validate(said))

    def _sold(self, bank: str, loan_id: str, offer: OfferedReceipt) -> Proposal:
        """Some of a receipt, sold to the bank."""
        sold, rate = self.chance.amount(300_000, 900_000), self.chance.percent(6, 8)
        self.planted.plant(Fact.PAYMENT, "taken of a receipt", sold, {bank})
        self.planted.plant(Fact.PAYMENT, "rate at which it was sold", rate, {bank})
        exchange = Exchange(money=Money(amount=sold, currency="USD"), base="USD", rate=rate)
        taken = ReceiptTaken(receipt_id=offer.receipt_id, by_loan={loan_id: exchange.money})
        self.planted.answer("what was taken of a receipt", taken, {bank})
        amount = (sold * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return self._paid(bank, Step.REPAYMENT, amount, exchange=exchange, receipt=offer.receipt_id)

    def _paid(self, bank: str, step: Step, amount: Decimal, **said: object) -> Proposal:
        reference, money = self.chance.number("PAY-"), Money(amount=amount, currency="CNY")
        self.planted.plant(Fact.PAYMENT, f"{step}'s reference", reference, {bank})
        self.planted.plant(Fact.PAYMENT, f"{step}'s amount", amount, {bank})
        return Proposal.model_validate(
            {"step": step, "amount": money, "day": self.today, "reference": reference} | said
        )

    async def _confirm(self, bank: str, loan_id: str, proposal: Proposal) -> None:
        """One person proposes, another confirms."""
        self.planted.plant(Fact.FINGERPRINT, f"hash of a {proposal.step}'s proposal", proposal.id, {bank})
        self.planted.answer(f"{proposal.step} of {loan_id}", proposal, {bank})
        await self.desk(f"{bank}/maker").propose(loan_id, proposal)
        await self.desk(f"{bank}/checker").confirm(loan_id, proposal.id)

    async def _pack(self, bank: str, name: str) -> None:
        """A loan on a credit, before the goods are shipped; then it becomes an export bill."""
        export = self.exports[name]
        export.plant_papers(self.planted, bank, MSP[bank])
        for paper in (export.contract, export.credit):
            await self._publish(f"{bank}/maker", paper, {bank})
        loan_id = await self._apply(bank, name, is_packing=True)
        desk = self.desk(f"{bank}/maker")
        await self.desk(f"{bank}/checker").approve(loan_id, 1, (await desk.check(loan_id)).evidence_hash)
        await self._pay(bank, loan_id, Step.DISBURSEMENT)
        for shipped in export.papers[2:]:
            await self._publish(f"{bank}/maker", shipped, {bank})
        await self.pull()
        (frame,) = (await desk.loan(loan_id)).held_frames
        bill = export.as_bill(frame.amount)
        number = self.chance.number("PLEDGE-")
        self.planted.plant(Fact.PAYMENT, "number of a condition of the bill", number, {bank})
        met = [{"condition": Condition.PLEDGE_REGISTRATION, "reference": number}]
        await self._agree(bank, loan_id, {"step": Step.CONVERSION, "bill": bill, "conditions": met})
        self.planted.document((await desk.loan(loan_id)).application.document, {bank})

    async def _share(self, name: str) -> None:
        """One export at two banks: the second is stopped by the first one's paper, and lends on what is left."""
        first = await self._apply("eximbank", name, with_papers=True)
        await self._approve("eximbank", first)
        await self._pay("eximbank", first, Step.DISBURSEMENT)
        twice = await self._apply("tradebank", name, with_papers=True)
        verdict = await self.desk("tradebank/maker").check(twice)
        assert any(each.severity is Severity.REJECT for each in verdict.findings), "the second bank is not stopped"
        await self.desk("tradebank/checker").reject(twice, self._reason("tradebank", "rejection"))
        await self._approve("tradebank", await self._apply("tradebank", name))

    async def _apply(
        self, bank: str, name: str, *, with_papers: bool = False, again: str = "", is_packing: bool = False
    ) -> str:
        """A loan's id; `again` is applied for anew, with other amounts."""
        export, token = self.exports[name], self.chance.token()
        loan_id = again or f"{bank[:1].upper()}L-{self.chance.token()}"
        occupied = Money.of(self.chance.amount(3_000_000, 4_000_000), "USD")
        amount = Money.of(self.chance.amount(10_000_000, 12_500_000), "CNY")
        purpose = f"Wages and copper {token} until the buyer has paid."
        application = self._application(export, loan_id, occupied, amount, purpose, with_papers=with_papers)
        if is_packing:
            application = export.before_shipment(application, occupied)
        shared = Fact.HELD if len(export.seller.banks) > 1 else Fact.LOAN
        for what, value in (("id", loan_id), ("amount", amount), ("purpose", purpose), ("purpose, a word", token)):
            self.planted.plant(Fact.LOAN, f"loan's {what}", value, {bank})
        self.planted.plant(shared, f"occupied by a loan of {bank}", occupied, export.seller.banks)
        self.planted.document(application, {bank})
        self.loans[loan_id] = bank
        await self.desk(f"{bank}/maker").apply(application)
        return loan_id

    def _application(
        self, export: Export, loan_id: str, occupied: Money, amount: Money, purpose: str, *, with_papers: bool
    ) -> LoanApplication:
        made = trade.application(loan_id, applicant=export.seller.party, purpose=purpose, applied_on=self.today)
        papers: dict[str, object] = {
            "contracts": (export.contract_number,), "letters_of_credit": (export.credit_number,),
            "invoices": (export.invoice_number,),
            "transport_documents": (export.bill_number,), "packing_lists": (),
            "declaration_copies": (export.number,),
            "insurance_documents": (export.policy_number,),
        }  # fmt: skip
        if not with_papers:
            papers = dict.fromkeys(papers, ())
        return made.model_copy(
            update=papers | {
                "amount": amount, "terms": TERMS, "expected_receipt_on": self.today + timedelta(days=90),
                "matures_on": self.today + timedelta(days=120),
                "declarations": (FinancedDeclaration(declaration_number=export.number, amount=occupied),),
            }
        )  # fmt: skip

    async def _approve(self, bank: str, loan_id: str) -> str:
        """Check, clear what the bank's own list hits, and override every finding that refers the loan, each for a
        reason of its own."""
        await self._clear(bank, loan_id)
        verdict = await self.desk(f"{bank}/maker").check(loan_id)
        stopped = [each.message.en for each in verdict.findings if each.severity is Severity.REJECT]
        assert not stopped, f"the story's loan is rejected: {stopped}"
        referring = [each.id for each in verdict.findings if each.severity is Severity.REFER]
        assert referring, "nothing is overridden"
        version = (await self.desk(f"{bank}/maker").loan(loan_id)).version
        reasons = {each: self._reason(bank, "override") for each in referring}
        await self.desk(f"{bank}/checker").approve(loan_id, version, verdict.evidence_hash, reasons)
        return loan_id

    async def _propose(self, bank: str, loan_id: str, step: Step) -> Proposal:
        if step in {Step.DISBURSEMENT, Step.REPAYMENT}:
            loan = await self.desk(f"{bank}/maker").loan(loan_id)
            reference = self.chance.number("PAY-")
            amount = loan.application.document.amount
            conditions: tuple[ConditionMet, ...] = ()
            if step is Step.DISBURSEMENT:
                met = {each: self.chance.number(f"{each.name[:6]}-") for each in loan.conditions}
                for condition, number in met.items():
                    self.planted.plant(Fact.PAYMENT, f"number of a {condition}", number, {bank})
                conditions = tuple(ConditionMet(condition=each, reference=number) for each, number in met.items())
            proposal = Proposal(step=step, amount=amount, day=self.today, reference=reference, conditions=conditions)
            self.planted.plant(Fact.PAYMENT, f"{step}'s reference", reference, {bank})
            self.planted.plant(Fact.PAYMENT, f"{step}'s amount", amount, {bank})
        else:
            proposal = Proposal(step=step, reason=self._reason(bank, step))
        self.planted.plant(Fact.FINGERPRINT, f"hash of a {step}'s proposal", proposal.id, {bank})
        self.planted.answer(f"{step} of {loan_id}", proposal, {bank})
        await self.desk(f"{bank}/maker").propose(loan_id, proposal)
        return proposal

    async def _pay(self, bank: str, loan_id: str, step: Step) -> None:
        proposal = await self._propose(bank, loan_id, step)
        await self.desk(f"{bank}/checker").confirm(loan_id, proposal.id)

    async def _end(self, bank: str, loan_id: str, step: Step) -> None:
        await self._pay(bank, loan_id, step)

    def _reason(self, bank: str, of: str) -> str:
        reason = f"My {of} has reasons: {self.chance.token()}, as the client's chairman told us in confidence."
        self.planted.plant(Fact.REASON, f"reason of a {of}", reason, {bank})
        self.planted.plant(Fact.REASON, f"reason of a {of}", reason.split(":")[1][1:13], {bank})
        return reason

    # -- what the ledger made of it ------------------------------------------------------------------------------------

    def _plant_loan(self, bank: str, loan: Loan) -> None:
        self.planted.answer(f"loan {loan.loan_id}", loan, {bank})
        verdict = loan.verdict
        if verdict is not None:
            self._plant_verdict(bank, verdict)
        for paid in loan.payments:
            for what, money in (("interest", paid.interest), ("principal", paid.principal)):
                if money is not None and money.amount:
                    self.planted.plant(Fact.PAYMENT, f"{what} of a {paid.proposal.step}", money, {bank})
        payment = loan.proposed or loan.converted or next(iter(loan.payments), None)
        proposal = payment.proposal if payment is not None else Proposal(step=Step.WITHDRAWAL, reason="as agreed")
        bill = self.exports["spare"].as_bill(Money.of("1.00", "USD"))
        arguments: dict[str, object] = {
            "loan_id": loan.loan_id, "version": 1, "step": 0, "bank": loan.bank, "reason": "as agreed", "overrides": [],
            "evidence_hash": verdict.evidence_hash if verdict is not None else "0" * 64, "proposal": proposal,
            "proposal_id": proposal.id, "bill": proposal.bill or bill, "matures_on": None,
            "rule_set": "", "application": loan.application.document, "state": "",
        }  # fmt: skip
        other = f"{loan.loan_id[:-4]}{int(loan.loan_id[-4:], 16) ^ 0x2A2A:04x}"
        decoy = arguments | {
            "loan_id": other, "application": loan.application.document.model_copy(update={"loan_id": other})
        }  # fmt: skip
        self.planted.subjects.append(Subject(Fact.LOAN, f"loan {loan.loan_id}", frozenset({bank}), arguments, decoy))

    def _plant_verdict(self, bank: str, verdict: Verdict) -> None:
        self.planted.answer("a verdict", verdict, {bank})
        self.planted.plant(Fact.FINDING, "evidence hash", verdict.evidence_hash, {bank})
        self.planted.plant(Fact.FINDING, "what can be financed", verdict.eligible, {bank})
        self._plant_findings(bank, verdict.findings)

    def _plant_findings(self, bank: str, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.planted.plant(Fact.FINDING, f"{finding.rule}'s id", finding.id, {bank})
            self.planted.plant(Fact.FINDING, f"{finding.rule}'s message", finding.message.en, {bank})
            self.planted.plant(Fact.FINDING, f"{finding.rule}'s message", finding.message.zh, {bank})


async def played(venue: Venue) -> Planted:
    """The whole story at a place, by its clock."""
    clock = venue.connect(venue.people("safe")[0]).clock
    story = Story(lambda person: LoanDesk(venue.connect(person)), day_in_china(clock()))
    return await story.play()
