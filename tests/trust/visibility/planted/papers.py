"""The papers of one export, every number, name and amount of which is planted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stdnum import iso6346
from stdnum.cn import uscc
from tests.eximledger_chaincode.contracts import trade
from tests.trust.visibility.expectation import Fact
from tests.trust.visibility.planted.planting import Chance, Planted, Subject

from eximledger_chaincode.documents import (
    Address,
    Allocation,
    CommercialInvoice,
    Container,
    DeclarationCopy,
    Document,
    EnterpriseClass,
    EnterpriseClassification,
    ExportDeclaration,
    FinancedDeclaration,
    FinancedFrame,
    FinancingKind,
    FxReceipt,
    InsuranceDocument,
    LetterOfCredit,
    LoanApplication,
    Money,
    PackingList,
    Party,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TotalDifference,
    TransportDocument,
)
from eximledger_chaincode.documents.parts.party import owned_id
from eximledger_chaincode.lending.packing.bill import ExportBill

__all__ = ["Export", "Exporter", "exporter", "policy", "rates"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A company, and the banks that it has authorised."""

    party: Party
    banks: frozenset[str]
    notice: str
    turnover: Money

    def total_difference(self, today: date) -> TotalDifference:
        """SAFE's rate of a year that ended yesterday: nothing came in otherwise than it went out."""
        assert self.party.uscc is not None
        none = Money.zero(self.turnover.currency)
        return TotalDifference(
            enterprise_uscc=self.party.uscc, enterprise_name=self.party.name, period_from=today - timedelta(days=365),
            period_until=today - timedelta(days=1), imports=none, exports=self.turnover, receipts=self.turnover,
            payments=none, notice=self.notice,
        )  # fmt: skip

    def classification(self, grade: EnterpriseClass = EnterpriseClass.A) -> EnterpriseClassification:
        assert self.party.uscc is not None
        return EnterpriseClassification(
            enterprise_uscc=self.party.uscc, enterprise_name=self.party.name, enterprise_class=grade,
            valid_from=date(2026, 1, 1), notice=self.notice,
        )  # fmt: skip


def exporter(planted: Planted, chance: Chance, name: str, native: str, banks: Iterable[str]) -> Exporter:
    """A company with a code that could be one's."""
    body = f"91520690M{chance.number('', 8)}"
    party = Party(name=f"{name} Co., Ltd.", other_names=(native,), uscc=body + uscc.calc_check_digit(body))
    turnover = Money.of(chance.amount(410_000_000, 490_000_000), "CNY")
    made = Exporter(party, frozenset(banks), chance.number("HF-2026-"), turnover)
    planted.plant(Fact.CLASS, f"turnover of {name}", turnover, made.banks)
    planted.plant_party(Fact.EXPORTER, f"exporter {name}", party, made.banks)
    planted.plant(Fact.CLASS, f"notice of {name}'s class", made.notice, made.banks)
    return made


@dataclass(frozen=True, slots=True)
class Export:
    """One export. The invoice asks for a little more than was declared, so that no amount is another's."""

    seller: Exporter
    day: date
    buyer: Party
    number: str
    total: Money
    invoiced: Money
    contract_number: str
    bill_number: str
    invoice_number: str
    list_number: str
    policy_number: str
    container: str
    credit_number: str
    note: str
    remarks: str

    @classmethod
    def planted(cls, planted: Planted, chance: Chance, seller: Exporter, day: date, serial: int) -> Export:
        total = Money.of(chance.amount(31_000_000, 39_000_000), "USD")
        token = chance.token()
        made = cls(
            seller=seller,
            day=day,
            buyer=Party(name=f"Käufer {token.title()} Handels GmbH", address=Address(country="DE")),
            number=f"83002026{chance.number('0', 9)}",
            total=total,
            invoiced=Money.of(total.amount + Decimal("37.19"), "USD"),
            contract_number=chance.number("SC-"),
            bill_number=chance.number("BL"),
            invoice_number=chance.number("INV-"),
            list_number=chance.number("PL-"),
            policy_number=chance.number("WF-"),
            container=container_of(chance.number("EXLU", 6)),
            credit_number=chance.number("LC-"),
            note=f"The discount of {chance.token()} percent is nobody's business but ours.",
            remarks=f"Repaired goods {chance.token()} return within the year.",
        )
        made._plant(planted, serial)
        return made

    def _plant(self, planted: Planted, serial: int) -> None:
        banks, name = self.seller.banks, f"export {serial}"
        for word in (self.remarks.split()[2], self.buyer.name.split()[1]):
            planted.plant(Fact.DECLARATION, f"{name}: a word of it", word, banks)
        for what, value in (
            ("declaration's number", self.number), ("declared value", self.total), ("buyer's name", self.buyer.name),
            ("contract's number", self.contract_number), ("bill's number", self.bill_number),
            ("customs' remarks", self.remarks),
        ):  # fmt: skip
            planted.plant(Fact.DECLARATION, f"{name}: {what}", value, banks)
        uscc = self.seller.party.uscc
        period = {"since": (self.day - timedelta(days=90)).isoformat(), "until": self.day.isoformat()}
        arguments: dict[str, object] = {
            "kind": "declaration", "id": self.number, "ids": [self.number], "number": self.number, "exporter": uscc,
            "declaration_number": self.number, "numbers": [self.number], "invoices": [self.invoice_number],
            "receipts": [], "bank": "", "version": 1, **period,
        }  # fmt: skip
        other = f"83002026{int(self.number[8:]) ^ 0x2A:010}"
        nobody = uscc_of("91520690M98765432")
        decoy = arguments | {
            "id": other, "ids": [other], "number": other, "declaration_number": other, "numbers": [other],
            "exporter": nobody, "invoices": ["INV-7000000001"],
        }  # fmt: skip
        planted.subjects.append(Subject(Fact.DECLARATION, f"{name}: declaration", banks, arguments, decoy))

    def plant_papers(self, planted: Planted, bank: str, msp_id: str) -> None:
        """What this bank alone has of the export."""
        planted.plant(Fact.PAPER, f"{bank}'s note, a word of it", self.note.split()[3], self.seller.banks)
        for what, value in (
            ("invoice's number", self.invoice_number), ("invoiced amount", self.invoiced),
            ("packing list's number", self.list_number), ("credit's number", self.credit_number), ("note", self.note),
            ("insurance's number", self.policy_number), ("container", self.container),
        ):  # fmt: skip
            planted.plant(Fact.PAPER, f"{bank}'s {what}", value, self.seller.banks)
        for paper in self.papers:
            arguments: dict[str, object] = {
                "kind": paper.KIND, "id": paper.id, "ids": [paper.id], "number": paper.number, "bank": msp_id,
                "exporter": self.seller.party.uscc, "version": 1,
            }  # fmt: skip
            number = f"{paper.number[:-3]}{int(paper.number[-3:]) ^ 0x2A:03}"
            id_ = owned_id(self.seller.party, number)
            decoy = arguments | {"id": id_, "ids": [id_], "number": number}
            planted.subjects.append(Subject(Fact.PAPER, f"{bank}'s {paper.KIND}", self.seller.banks, arguments, decoy))

    @property
    def exported(self) -> date:
        return self.day - timedelta(days=12)

    def declaration(self, **changes: object) -> ExportDeclaration:
        made = trade.declaration(1, str(self.total.amount), exporter=self.seller.party, exported=self.exported)
        named = {
            "declaration_number": self.number, "consignee": self.buyer, "contract_number": self.contract_number,
            "bill_number": self.bill_number,
        }  # fmt: skip
        return made.model_copy(update=named | changes)

    @property
    def papers(self) -> tuple[Document, ...]:
        """What the exporter's bank files."""
        return (
            self.contract, self.credit, self.invoice, self.bill, self.packing_list, self.insurance,
            DeclarationCopy.of(self.declaration()),
        )  # fmt: skip

    @property
    def contract(self) -> SalesContract:
        made = trade.contract(1, str(self.invoiced.amount), self.seller.party)
        return made.model_copy(
            update={
                "contract_number": self.contract_number, "buyer": self.buyer,
                "signed_on": self.exported - timedelta(days=50), "latest_shipment_on": self.day,
            }
        )  # fmt: skip

    @property
    def credit(self) -> LetterOfCredit:
        return LetterOfCredit(
            credit_number=self.credit_number, applicant=self.buyer, beneficiary=self.seller.party,
            amount=self.invoiced, issued_on=self.exported - timedelta(days=45),
            expires_on=self.day + timedelta(days=30), contract_numbers=(self.contract_number,),
        )  # fmt: skip

    @property
    def invoice(self) -> CommercialInvoice:
        made = trade.invoice(1, str(self.invoiced.amount), self.seller.party, self.note)
        return made.model_copy(
            update={
                "invoice_number": self.invoice_number, "buyer": self.buyer, "contract_number": self.contract_number,
                "declaration_numbers": (self.number,), "issued_on": self.exported - timedelta(days=10),
            }
        )  # fmt: skip

    @property
    def bill(self) -> TransportDocument:
        made = trade.transport(1, self.seller.party, str(self.invoiced.amount))
        return made.model_copy(
            update={
                "bill_number": self.bill_number, "consignee": self.buyer, "contract_number": self.contract_number,
                "invoice_numbers": (self.invoice_number,), "declaration_numbers": (self.number,),
                "issued_on": self.exported, "on_board_on": self.exported,
                "containers": (Container(number=self.container),), "vessel": "Pearl Lotus", "voyage": "2614S",
            }
        )  # fmt: skip

    @property
    def packing_list(self) -> PackingList:
        made = trade.packing_list(1, self.seller.party, str(self.invoiced.amount))
        return made.model_copy(
            update={
                "list_number": self.list_number, "buyer": self.buyer, "contract_number": self.contract_number,
                "invoice_numbers": (self.invoice_number,), "issued_on": self.exported - timedelta(days=9),
            }
        )  # fmt: skip

    @property
    def insurance(self) -> InsuranceDocument:
        return InsuranceDocument(
            policy_number=self.policy_number, issued_on=self.exported, insurer=Party(name="Wanfeng Marine Insurance"),
            insured=self.seller.party, insured_amount=self.invoiced, contract_number=self.contract_number,
            invoice_numbers=(self.invoice_number,), bill_numbers=(self.bill_number,),
        )  # fmt: skip

    def before_shipment(self, application: LoanApplication, amount: Money) -> LoanApplication:
        """The same loan on the credit."""
        frame = FinancedFrame(kind="letter-of-credit", number=self.credit_number, amount=amount)
        named: dict[str, object] = {
            "financing": FinancingKind.PRE_SHIPMENT, "declarations": (), "frames": (frame,),
            "contracts": (self.contract_number,), "letters_of_credit": (self.credit_number,),
        }  # fmt: skip
        return application.model_copy(update=named)

    def as_bill(self, amount: Money) -> ExportBill:
        """What that loan becomes, with all papers."""
        held = FinancedDeclaration(declaration_number=self.number, amount=amount)
        return ExportBill(
            declarations=(held,), contracts=(self.contract_number,), letters_of_credit=(self.credit_number,),
            invoices=(self.invoice_number,), transport_documents=(self.bill_number,),
            packing_lists=(self.list_number,), insurance_documents=(self.policy_number,),
            expected_receipt_on=self.day + timedelta(days=90),
        )  # fmt: skip

    def receipt(self, planted: Planted, chance: Chance, *, allocated: bool) -> FxReceipt:
        """What the buyer paid of it, allocated to the declaration or naming the invoice in the payer's own words."""
        amount = Money.of(chance.amount(1_100_000, 1_900_000), "USD")
        payer = Party(name=f"Zahlstelle {chance.token().title()} AG", address=Address(country="DE"))
        made = FxReceipt(
            reference=chance.number("CR"), account=chance.number("6222", 14), payer=payer, amount=amount,
            exporter_uscc=self.seller.party.uscc, booked_on=self.day - timedelta(days=2),
            value_on=self.day - timedelta(days=2),
            allocations=(Allocation(declaration_number=self.number, amount=amount),) if allocated else (),
            remittance=() if allocated else (f"for {self.invoice_number}",),
        )  # fmt: skip
        for what, value in (
            ("reference", made.reference), ("account", made.account), ("amount", amount), ("payer", payer.name),
        ):  # fmt: skip
            planted.plant(Fact.RECEIPT, f"receipt's {what}", value, self.seller.banks)
        arguments: dict[str, object] = {
            "kind": "receipt", "id": made.id, "ids": [made.id], "number": made.reference, "bank": "", "version": 1,
            "exporter": self.seller.party.uscc,
        }  # fmt: skip
        other = made.model_copy(update={"reference": "CR7000000001"})
        decoy = arguments | {"id": other.id, "ids": [other.id], "number": other.reference}
        planted.subjects.append(Subject(Fact.RECEIPT, "receipt", self.seller.banks, arguments, decoy))
        return made


def container_of(body: str) -> str:
    """A container's number with its check digit."""
    return body + iso6346.calc_check_digit(body)


def uscc_of(body: str) -> str:
    """A code with its check digit."""
    return body + uscc.calc_check_digit(body)


def rates(day: date) -> list[ReferenceRate]:
    return [trade.rate(day - timedelta(days=back)) for back in range(14)]


def policy(planted: Planted, chance: Chance, bank: str, msp_id: str, today: date) -> TolerancePolicy:
    """One that lends on little received, with numbers that nobody else has."""
    made = TolerancePolicy(
        bank=msp_id, total_deviation_percent=Decimal(1000), effective_from=today,
        financed_percent=chance.percent(61, 79), contract_percent=chance.percent(6, 9),
        amount_tolerance_units=chance.amount(10_000_000, 20_000_000), receipt_short_percent=chance.percent(96, 99),
    )  # fmt: skip
    for name in ("financed_percent", "contract_percent", "amount_tolerance_units", "receipt_short_percent"):
        planted.plant(Fact.POLICY, f"{bank}'s {name}", getattr(made, name), {bank})
    return made
