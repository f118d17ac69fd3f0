"""Examples of the rules on parties: the same, spelt otherwise, doubtful, others; related; who buys and who pays."""

from __future__ import annotations

from typing import TypeVar

from tests.eximledger_chaincode.rules.cases import (
    BUYER,
    SELLER,
    STRANGER,
    THIRD_PARTY,
    application,
    bill,
    case,
    contract,
    declaration,
    invoice,
    receipt,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import Address, Contact, Identifier, Party, PaymentAccount, ReceiptStatus, Value
from eximledger_chaincode.rules import Case


def _named(name: str) -> Party:
    return Party(name=name)


ValueT = TypeVar("ValueT", bound=Value)


def _with(value: ValueT, **changes: object) -> ValueT:
    return value.model_copy(update=changes)


def _con_inv() -> list[Example]:
    fires, silent = of("CON-INV-PARTIES")

    def bought(name: str, of: str = BUYER.name) -> Case:
        return case(contract(buyer=_named(of)), invoice(buyer=_named(name)))

    english = _named("DONGYU ELECTRIC COMPANY LIMITED")
    return [
        fires("another buyer", case(invoice(buyer=THIRD_PARTY))),
        fires("another seller by USCC", case(invoice(seller=STRANGER)), REJECT),
        fires("another USCC under the same name", case(
            invoice(seller=SELLER.model_copy(update={"uscc": STRANGER.uscc}))), REJECT),
        fires("both others", case(invoice(seller=STRANGER, buyer=THIRD_PARTY)), REJECT, REFER),
        fires("a longer name is another party", bought("Nordlicht Handels Trading")),
        silent("the buyer in capitals, with other signs", bought("NORDLICHT HANDELS-GMBH.")),
        fires("the seller by its English name, its form spelt otherwise", case(invoice(seller=english)), INFORM),
        fires("the form left out", bought("Nordlicht Handels"), INFORM),
        fires("the form written out", bought("Nordlicht Handels Gesellschaft mit beschränkter Haftung"), INFORM),
        fires("B.V. and BV", bought("Lage Landen BV", "Lage Landen B.V."), INFORM),
        fires("without its diacritics", bought("Societe Etoile SA", "Société Étoile S.A."), INFORM),
        fires("ö as two letters", bought("Groening GmbH", "Gröning GmbH"), INFORM),
        fires("in Latin letters", bought("OOO Severny Veter", "ООО «Северный ветер»"), INFORM),
        fires("traditional characters", bought("遠山貿易有限公司", "远山贸易有限公司"), INFORM),
        fires("pinyin", bought("Yuanshan Maoyi Youxian Gongsi", "远山贸易有限公司"), INFORM),
        fires("another legal form", bought("Nordlicht Handels Ltd")),
        fires("another legal form after that", bought("Nordlicht Handels LLC", "Nordlicht Handels Ltd")),
        fires("nearly the same name", bought("Nordlicht Handel GmbH")),
        fires("a seller with another legal form, by name", case(
            contract(seller=_named("Zhong Lamp Co., Ltd.")), invoice(seller=_named("Zhong Lamp Inc.")))),
        fires("a seller of whose name a part is pinyin", case(
            contract(seller=_named("贵州远山贸易有限公司")), invoice(seller=_named("Guizhou Yuanshan Trading Ltd")))),
        silent("no contract", case(invoice(buyer=THIRD_PARTY), without=("contract",))),
    ]  # fmt: skip


def _bill() -> list[Example]:
    fires, silent = of("BL-PARTIES")
    ltd, llc = _named("Nordlicht Handels Ltd"), _named("Nordlicht Handels LLC")
    bare = _named("Nordlicht Handels")
    return [
        fires("another shipper", case(bill(shipper=STRANGER))),
        fires("another consignee", case(bill(consignee=THIRD_PARTY))),
        fires("to order, notifying nobody", case(bill(consignee=None, to_order=True))),
        fires("both others", case(bill(shipper=STRANGER, consignee=THIRD_PARTY)), REFER, REFER),
        silent("to order, notifying the buyer", case(bill(consignee=None, to_order=True, notify=(BUYER,)))),
        silent("to a bank's order, notifying the buyer", case(bill(consignee=THIRD_PARTY, notify=(BUYER,)))),
        silent("to the place of the contract", case(bill(consignee=THIRD_PARTY), contract(ship_to=THIRD_PARTY))),
        silent("no contract to compare with", case(bill(shipper=STRANGER), without=("contract",))),
        fires("the buyer's form left out", case(bill(consignee=bare)), INFORM),
        fires("the shipper by its name in pinyin", case(
            bill(shipper=_named("Guizhou Dongyu Dianqi Co., Ltd."))), INFORM),
        fires("GmbH on the contract, Ltd on the invoice, LLC on the bill", case(
            invoice(buyer=ltd), bill(consignee=llc))),
        fires("no form on the contract, Ltd on the invoice, LLC on the bill", case(
            contract(buyer=bare), invoice(buyer=ltd), bill(consignee=llc)), INFORM, REFER),
        fires("no form on the bill, spelt otherwise on the invoice", case(
            invoice(buyer=_named("Nordlicht Handels G.m.b.H.")), bill(consignee=bare)), INFORM),
    ]  # fmt: skip


def _payer() -> list[Example]:
    fires, silent = of("FX-PAYER")
    return [
        fires("a third party", case(receipt(payer=THIRD_PARTY))),
        silent("the buyer", case(receipt())),
        silent("a bank for the buyer", case(receipt(payer=THIRD_PARTY, ultimate_payer=BUYER))),
        silent("a payer that is not named", case(receipt(payer=None))),
        silent("only announced", case(receipt(payer=THIRD_PARTY, status=ReceiptStatus.PENDING))),
        silent("taken back", case(receipt(payer=THIRD_PARTY, reversal=True))),
        fires("the buyer without its form", case(receipt(payer=_named("NORDLICHT HANDELS"))), INFORM),
        fires("a sister with another form", case(receipt(payer=_named("Nordlicht Handels AG")))),
        fires("nearly the buyer", case(receipt(payer=_named("Nordlicht Handel GmbH")))),
    ]


def _related() -> list[Example]:
    fires, silent = of("PARTY-RELATED")
    street = Address(lines=("Lange Kaje 17",), city="Hamburg", country="DE")
    bureau = Address(lines=("4 Quay Road", "Room 12"), city="Tongren", country="CN")
    vat = (Identifier(scheme="VAT", value="DE811128135"),)

    def sides(buyer: dict[str, object], seller: dict[str, object]) -> Case:
        mine, theirs = _with(BUYER, **buyer), _with(SELLER, **seller)
        return case(contract(buyer=mine, seller=theirs), invoice(buyer=mine, seller=theirs))

    def reached(buyer: dict[str, object], seller: dict[str, object]) -> Case:
        return sides({"contact": Contact(**buyer)}, {"contact": Contact(**seller)})

    def paid_from(account: str, **changes: object) -> Case:
        own = invoice(payment_accounts=(PaymentAccount(account="DE89 3704 0044 0532 0130 00"),))
        return case(own, receipt(payer_account=account, **changes))

    return [
        silent("strangers", case()),
        fires("the buyer is the seller, by name", case(contract(buyer=SELLER), invoice(buyer=SELLER))),
        fires("the buyer has the applicant's USCC", case(
            contract(buyer=_with(BUYER, uscc=SELLER.uscc)), application())),
        fires("the seller under its English name", case(contract(buyer=_named("Dongyu Electric Limited")))),
        fires("nearly the seller's name", case(contract(buyer=_named("Dongyu Electrics Co., Ltd.")))),
        fires("one address", sides(
            {"address": street}, {"address": _with(street, lines=("LANGE KAJE 17",), city=None)})),
        silent("one address in two towns", sides({"address": street}, {"address": _with(street, city="Bremen")})),
        silent("two addresses", sides({"address": street}, {"address": bureau})),
        silent("a town alone", sides(
            {"address": Address(city="Hamburg")}, {"address": Address(city="Hamburg")})),
        fires("one number of a register", sides({"identifiers": vat}, {"identifiers": vat})),
        silent("one number of no register", sides(
            {"identifiers": (Identifier(value="811128135"),)}, {"identifiers": (Identifier(value="811128135"),)})),
        fires("one representative", sides({"representative": "Zhang Wei"}, {"representative": "ZHANG, Wei"})),
        fires("the seller's representative is the buyer's contact", sides(
            {"contact": Contact(name="Wei Zhang")}, {"representative": "Zhang Wei"})),
        silent("contacts of one name that is nobody's", reached(
            {"name": "Export Department"}, {"name": "Export Department"})),
        fires("one mail address", reached({"email": "kontor@example.org"}, {"email": "Kontor@Example.org"})),
        fires("one telephone", reached({"telephone": "+49 40 5550199"}, {"telephone": "0049-40-555 0199"})),
        fires("one telephone, with and without its country", reached(
            {"telephone": "+86 856 5550 2233"}, {"telephone": "0856-55502233"})),
        silent("a telephone's end", reached({"telephone": "+49 40 15550199"}, {"telephone": "+86 856 25550199"})),
        fires("one address, written out", sides(
            {"address": Address(lines=("No. 9 Kiln Road, Bldg 2",), city="Tongren")},
            {"address": Address(lines=("9, Kiln Rd.", "Building 2"), city="Tongren")})),
        fires("one representative, in characters and letters", sides(
            {"representative": "Zhang Wei"}, {"representative": "张伟"})),
        silent("two representatives in characters and letters", sides(
            {"representative": "Zhang Wei"}, {"representative": "李伟"})),
        silent("two telephones", reached({"telephone": "+49 40 5550199"}, {"telephone": "+86 856 5550199"})),
        fires("all at once", sides(
            {"address": street, "identifiers": vat, "representative": "Zhang Wei"},
            {"address": street, "identifiers": vat, "representative": "Zhang Wei"}), REFER, REFER, REFER),
        fires("the buyer pays from the seller's account", paid_from("DE89370400440532013000")),
        fires("the receipt came from the account that it came to", paid_from("1100 92691")),
        fires("the buyer's invoice is drawn on the seller's account", case(invoice(payment_accounts=(
            PaymentAccount(account="110092691", payer_account="1100-92691"),)))),
        silent("from another account", paid_from("FI2112345600000785")),
        silent("a third party pays from the seller's account", paid_from("110092691", payer=THIRD_PARTY)),
    ]  # fmt: skip


def _consignee() -> list[Example]:
    fires, silent = of("PARTY-CONSIGNEE")

    def declared(name: str) -> Case:
        return case(declaration(consignee=_named(name)))

    def trade(country: str | None, *buyers: str | None) -> Case:
        of_contract, of_invoice = (_with(BUYER, address=Address(country=each)) if each else BUYER for each in buyers)
        return case(declaration(trade_country=country), contract(buyer=of_contract), invoice(buyer=of_invoice))

    return [
        silent("the buyer", declared(BUYER.name)),
        fires("another", declared("Blue Lagoon Trading FZE")),
        fires("the buyer's form left out", declared("NORDLICHT HANDELS"), INFORM),
        fires("the buyer with another form", declared("Nordlicht Handels Ltd")),
        silent("none", case(declaration(consignee=None))),
        silent("NO, as customs has it", declared("NO")),
        silent("to order", declared("TO ORDER")),
        silent("to the order of a bank", declared("To the order of Hansa Bank AG")),
        silent("to order, in Chinese", declared("凭指示")),
        silent("to the order of who ships", declared("TO ORDER OF SHIPPER")),
        silent("to that order, in Chinese", declared("凭发货人指示")),
        silent("to the seller's order by its name", declared("To order of Dongyu Electric Co., Ltd.")),
        silent("to the order of a bank, in Chinese", declared("凭汉堡银行指示")),
        silent("to the buyer's order", declared("TO ORDER OF NORDLICHT HANDELS GMBH")),
        fires("to the order of somebody else", declared("To the order of Kestrel Metals OU")),
        fires("to such an order, in Chinese", declared("凭红隼金属公司指示")),
        fires("a name that only begins like a word for none", declared("Nord Orders GmbH")),
        silent("to whom the contract ships", case(
            declaration(consignee=THIRD_PARTY), contract(ship_to=THIRD_PARTY))),
        silent("the invoice's buyer, a nominee", case(
            declaration(consignee=THIRD_PARTY), invoice(buyer=THIRD_PARTY))),
        silent("neither contract nor invoice", case(
            declaration(consignee=THIRD_PARTY), without=("contract", "invoice"))),
        silent("the buyer's country", trade("DE", "DE", None)),
        fires("another country than the buyer's", trade("AE", "DE", None)),
        silent("the country of the invoice's buyer", trade("AE", "DE", "AE")),
        silent("no country of trade", trade(None, "DE", "DE")),
        silent("a buyer without a country", trade("AE", None, None)),
        fires("both", case(
            declaration(consignee=THIRD_PARTY, trade_country="AE"),
            contract(buyer=_with(BUYER, address=Address(country="DE")))), REFER, REFER),
    ]  # fmt: skip


EXAMPLES = [*_con_inv(), *_bill(), *_payer(), *_related(), *_consignee()]
