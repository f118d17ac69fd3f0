"""What the findings on money and authority state: the figures an officer decides by, of the papers that say them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from tests.eximledger_chaincode.rules.cases import (
    CHECKER,
    MAKER,
    NUMBER,
    OTHER_NUMBER,
    STRANGER,
    TODAY,
    application,
    bill,
    case,
    classification,
    cny,
    contract,
    credit_note,
    declaration,
    declared,
    eur,
    financed,
    held,
    insurance,
    invoice,
    naming,
    policy,
    rate,
    receipt,
    record,
    unallocated,
    usd,
)

from eximledger_chaincode.documents import EnterpriseClass, InvoiceTotals, Money, Party
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.rules import RULE_SET, RULES, Case

LOAN, EXPORT, CI = "application L-1", f"declaration {NUMBER}", "invoice CI-01"
THIRTY = InvoiceTotals(with_tax=usd(100_000), prepaid=usd(30_000), payable=usd(70_000))
EXACT = Similarity.EXACT


def matched(similarity: Similarity, *, same_bank: bool = False, id_: str | None = None) -> PaperMatch:
    return PaperMatch(
        kind="invoice", id=id_ or invoice().id, similarity=similarity, standing=PaperStanding.STANDING,
        same_bank=same_bank,
    )  # fmt: skip


STATED: Final[dict[str, tuple[str, Case, list[list[str]]]]] = {
    "who applied": ("MAKER-CHECKER", case(approving=CHECKER, applicants=(CHECKER,)), [
        [f"{LOAN} applicants: checker of EximbankMSP"]]),
    "who wrote": ("MAKER-CHECKER", case(record(bill(), written_by="checker"), approving=CHECKER), [
        ["transport COSU 6301 written_by: checker of EximbankMSP"]]),
    "the policy before": ("POLICY", case(policy_before="0123456789abcdef" * 4), [[f"{LOAN} policy: 0123456789abcdef"]]),
    "who made the policy": ("POLICY", case(applicants=(MAKER,), policy_by=(CHECKER, MAKER)), [
        [f"{LOAN} applicants: maker of EximbankMSP"]]),
    "what is paid": ("CLAIM-PAID", case(
        invoice(totals=THIRTY), credit_note(usd(500)), receipt(), namings=(
            naming(usd(1_000), [NUMBER], receipt_id=receipt().id), naming(usd(200), (), ["CI01"], receipt_id="FX-7"),
            naming(usd(40), [OTHER_NUMBER], ["CI99"], receipt_id="FX-8"))), [
        [f"{EXPORT} open claim: 68,300.00 USD", f"{LOAN} declarations[{NUMBER}].amount: 100,000.00 USD",
         f"{CI} prepaid: 30,000.00 USD", "receipt FX-01 amount: 1,000.00 USD", "receipt FX-7 amount: 200.00 USD"]]),
    "what is paid of one of two": ("CLAIM-PAID", case(
        declaration(), declaration(declaration_number=OTHER_NUMBER), invoice(totals=THIRTY),
        invoice(invoice_number="CI-02", declaration_numbers=(OTHER_NUMBER,), totals=THIRTY), namings=(
            naming(usd(8), (), ["CI02"]), naming(usd(9), (), ["CI01"], receipt_id="FX-9"))), [
        [f"{EXPORT} open claim: 69,991.00 USD", f"{LOAN} declarations[{NUMBER}].amount: 100,000.00 USD",
         f"{CI} prepaid: 30,000.00 USD", "receipt FX-9 amount: 9.00 USD"]]),
    "what nobody is said to have paid": ("CLAIM-PAID", case(namings=(naming(usd(1_000), [NUMBER]),)), [
        [f"{EXPORT} open claim: 99,000.00 USD", f"{LOAN} declarations[{NUMBER}].amount: 100,000.00 USD",
         "receipt FX-01 amount: 1,000.00 USD"]]),
    "what came and names nothing": ("RECEIPT-UNALLOCATED", case(unallocated=(unallocated(usd(7)),)), [
        ["receipt FX-09 amount: 7.00 USD", "receipt FX-09 payer: Nordlicht Handels GmbH",
         "receipt FX-09 value_on: 2026-04-02"]]),
    "what came from nobody": ("RECEIPT-UNALLOCATED", case(unallocated=(unallocated(usd(100_000), payer=""),)), [
        ["receipt FX-09 amount: 100,000.00 USD", "receipt FX-09 payer: -", "receipt FX-09 value_on: 2026-04-02"]]),
    "whose it is not said": ("RECEIPT-UNALLOCATED", case(unallocated=(unallocated(usd(7), invoice="CI01"),)), [
        ["receipt FX-09 amount: 7.00 USD", "receipt FX-09 invoice: CI01", "receipt FX-09 exporter_uscc: -"]]),
    "what may be one": ("RECEIPT-DOUBTFUL", case(namings=(naming(usd(7), [NUMBER], doubtful=True),)), [
        ["receipt FX-01 amount: 7.00 USD"]]),
    "when it was due": ("CLAIM-OVERDUE", case(today=date(2026, 6, 14)), [[f"{CI} due_on: 2026-06-13"]]),
    "when it was due long ago": ("CLAIM-OVERDUE", case(today=date(2026, 12, 1)), [[f"{CI} due_on: 2026-06-13"]]),
    "what is free": ("BALANCE", case(positions=(held(usd("0.01")),)), [
        [f"{EXPORT} free balance: 99,999.99 USD", f"{LOAN} declarations[{NUMBER}].amount: 100,000.00 USD"]]),
    "what is asked in another currency": ("BALANCE", case(application(declarations=(financed(amount=eur(7)),))), [
        [f"{EXPORT} currency: USD", f"{LOAN} declarations[{NUMBER}].amount: 7.00 EUR"]]),
    "what cannot be valued": ("BALANCE", case(positions=(held(eur(1)),)), [[f"{EXPORT} total: 100,000.00 USD"]]),
    "what is asked for": ("AMOUNT", case(application(amount=cny("568000.01"))), [[f"{LOAN} amount: 568,000.01 CNY"]]),
    "when it ends and is paid": ("TENOR", case(application(matures_on=date(2026, 6, 17))), [
        [f"{LOAN} matures_on: 2026-06-17", f"{LOAN} expected_receipt_on: 2026-06-18"]]),
    "when it ends": ("TENOR", case(policy=policy(tenor_max_days=30)), [[f"{LOAN} matures_on: 2026-07-20"]]),
    "when it has ended": ("TENOR", case(today=date(2026, 7, 20)), [[f"{LOAN} matures_on: 2026-07-20"]]),
    "whose class": ("CLASS", case(without=("classification",)), [[f"{LOAN} applicant.uscc: 91520690MA6DMR0B5K"]]),
    "which class": ("CLASS", case(classification(enterprise_class=EnterpriseClass.B)), [
        [f"classification {classification().number} enterprise_class: B",
         f"classification {classification().number} registrations: -"]]),
    "what is named": ("PAPERS", case(policy=policy(required_papers=()), without=("invoice",)), [
        [f"{CI} number: CI-01"]]),
    "what is required": ("PAPERS", case(policy=policy(required_papers=("receipt",))), [[f"{EXPORT} receipt: -"]]),
    "who issued": ("ISSUER", case(record(rate(), issuer="CustomsMSP")), [
        [f"rate {rate().number} issuer: CustomsMSP"]]),
    "which rules": ("RULE-SET", case(today=RULE_SET.valid_from - timedelta(days=1)), [
        [f"{LOAN} rule set: {RULE_SET.name}"]]),
    "what is financed": ("DUP-EXACT", case(matches=(matched(EXACT),)), [
        [f"{CI} financed: a standing loan of another bank rests on it"]]),
    "what is financed, of two papers of one number": (
        "DUP-EXACT", case(contract(contract_number="CI-01"), matches=(matched(EXACT),)), [
            [f"{CI} financed: a standing loan of another bank rests on it"]]),
    "what is financed here": ("DUP-EXACT", case(matches=(matched(EXACT, same_bank=True, id_="X:CI-9"),)), [
        ["invoice X:CI-9 financed: this bank has approved another loan on it"]]),
    "what is alike": ("DUP-NEAR", case(matches=(matched(Similarity.ALL_BUT_DATE),)), [
        [f"{CI} alike in all but date: a paper of another bank"]]),
    "what is alike here": ("DUP-NEAR", case(matches=(matched(Similarity.ALL_BUT_AMOUNT, same_bank=True),)), [
        [f"{CI} alike in all but amount: a paper of this bank"]]),
    "which container": ("DUP-SHIPMENT", case(bill(), bill(bill_number="COSU 6302")), [
        ["transport COSU 6301 containers: CSQU3054383", "transport COSU 6302 containers: CSQU3054383"]]),
    "which container, financed": ("DUP-SHIPMENT", case(matches=(PaperMatch(
        kind="transport", id=bill().id, similarity=Similarity.SAME_SAILING, standing=PaperStanding.DISBURSED,
        same_bank=False, container="CSQU3054383"),)), [
        ["transport COSU 6301 containers: CSQU3054383", "transport COSU 6301 financed: by another bank"]]),
    "which country": ("EMBARGO", case(
        declaration(destination_country="IR"), policy=policy(embargoed_countries=("IR",))), [
        [f"{EXPORT} destination_country: IR"]]),
    "what is insured": ("INSURANCE", case(
        invoice(incoterm="CIF"), contract(incoterm="CIF"), insurance(insured_amount=usd(7))), [
        ["insurance PI-1 insured_amount: 7.00 USD", f"{CI} total: 100,000.00 USD"]]),
    "which two": ("DUP-WITHIN", case(contract(), contract(contract_number="DY-008")), [
        ["contract DY-007 number: DY-007", "contract DY-008 number: DY-008"]]),
}  # fmt: skip


@pytest.mark.parametrize("shows", STATED)
def test_a_finding_states_the_figures_that_it_rests_on(shows: str) -> None:
    rule, judged, stated = STATED[shows]
    found = [
        [f"{each.document.kind} {each.document.number} {each.field}: {each.value}" for each in finding.statements]
        for finding in RULES[rule].findings(judged)
    ]
    assert found == stated


WORDED: Final[dict[str, tuple[str, Case, str, str]]] = {
    "what made the claim smaller": ("CLAIM-PAID", case(invoice(totals=THIRTY), credit_note(usd(500)), namings=(
        naming(usd(1_000), [NUMBER]),)),
        "owes only 68,500.00 USD (30,000.00 USD prepaid on the invoice, 500.00 USD taken back by credit notes, "
        "1,000.00 USD received).", "（发票载明已预付 30,000.00 USD，贷记单冲减 500.00 USD，已收汇 1,000.00 USD）。"),
    "what alone made it smaller": ("CLAIM-PAID", case(namings=(naming(usd(1_000), [NUMBER]),)),
        "owes only 99,000.00 USD (1,000.00 USD received).", "（已收汇 1,000.00 USD）。"),
    "why it may be the buyer's": ("RECEIPT-UNALLOCATED", case(unallocated=(unallocated(usd(100_000)),)),
        "came on 2026-04-02, from the buyer Nordlicht Handels GmbH, and", "付款人为买方 Nordlicht Handels GmbH，"),
    "why it may be for this": ("RECEIPT-UNALLOCATED", case(unallocated=(unallocated(usd(100_000), payer=""),)),
        "came on 2026-04-02, in an amount that matches, and", "金额相符，"),
    "since when": ("CLAIM-OVERDUE", case(today=date(2026, 9, 12)),
        "was due on 2026-06-13, 91 days ago", "已逾期 91 天"),
    "why less is free": ("BALANCE", case(namings=(naming(usd(70_000), [NUMBER]),), positions=(held(usd(40_000)),)),
        "only 0.00 USD is free (the open claim is 30,000.00 USD, other loans hold 40,000.00 USD, which is more than "
        "the open claim).", "（未收债权为 30,000.00 USD，其他贷款占用 40,000.00 USD，已超过未收债权）。"),
    "what others hold": ("BALANCE", case(positions=(held(usd(40_000)),)),
        "only 60,000.00 USD is free (other loans hold 40,000.00 USD).", "（其他贷款占用 40,000.00 USD）。"),
    "what others hold, all of it": ("BALANCE", case(positions=(held(usd(100_000)),)),
        "only 0.00 USD is free (other loans hold 100,000.00 USD).", "（其他贷款占用 100,000.00 USD）。"),
    "what is paid": ("BALANCE", case(namings=(naming(usd(1), [NUMBER]),)),
        "only 99,999.00 USD is free (the open claim is 99,999.00 USD).", "（未收债权为 99,999.00 USD）。"),
    "more than there is": ("BALANCE", case(application(declarations=(financed(amount=usd(100_001)),))),
        "only 100,000.00 USD is free.", "100,000.00 USD。"),
    "how many days of grace": ("TENOR", case(policy=policy(tenor_grace_days=40)),
        "before the receipt expected on 2026-06-18 with 40 days of grace.", "加宽限期 40 天。"),
    "no grace": ("TENOR", case(application(matures_on=date(2026, 6, 17))),
        "before the receipt expected on 2026-06-18.", "预计收汇日 2026-06-18。"),
    "the share of the policy": ("AMOUNT", case(
        application(amount=cny("426000.01")), policy=policy(financed_percent=60)),
        "426,000.00 CNY can be financed (60 % of the balances to be occupied).", "拟占用余额的 60%）。"),
    "nothing that wants a rate": ("AMOUNT", case(rate(), positions=(held(usd(100_000)),)),
        "; 0.00 CNY can be financed (80 % of the balances to be occupied).", "（拟占用余额的 80%）。"),
    "the rates that are missing": ("AMOUNT", case(
        declaration(), declaration(declaration_number=OTHER_NUMBER, total=eur(90), lines=(declared(amount=eur(90)),)),
        application(declarations=(financed(), financed(OTHER_NUMBER, eur(90)))), rate()),
        "there is no reference rate of EUR on 2026-04-11 and of USD on 2026-04-11 or the 10 days before it.",
        "没有 2026-04-11 的 EUR和2026-04-11 的 USD 参考汇率"),
    "one paper twice": ("DUP-WITHIN", case(invoice(), invoice(invoice_number="CI 01")),
        "Invoice CI-01 and CI 01 are filed twice.", "重复入账。"),
    "two numbers": ("DUP-WITHIN", case(invoice(), invoice(invoice_number="CI-02")),
        "Invoice CI-01 and CI-02 are one paper under two numbers.", "同一单据的两个编号。"),
    "by whom": ("ISSUER", case(record(rate(), issuer="StrangerMSP")),
        "was written by StrangerMSP (no member); only the foreign-exchange bureau may issue it.",
        "（非成员）写入；只有外汇局有权出具。"),
    "which paper is named": ("PAPERS", case(policy=policy(required_papers=()), without=("invoice",)),
        "The application names invoice CI-01, which nobody has filed for this exporter. One of that number by another "
        "seller is another paper.", "申请所列发票 CI-01 尚未为本出口商入账；其他卖方同号的单据不是此单据。"),
    "the buyer's form left out": ("CON-INV-PARTIES", case(invoice(buyer=Party(name="NORDLICHT HANDELS"))),
        "it is Nordlicht Handels GmbH: one name spelt otherwise (the legal form left out).",
        "为 Nordlicht Handels GmbH：同一名称的不同写法（省略公司形式）。"),
    "the buyer's form": ("BL-PARTIES", case(bill(consignee=Party(name="Nordlicht Handels AG"))),
        "the buyer on contract DY-007 is Nordlicht Handels GmbH: the same name with another legal form.",
        "：名称相同，公司形式不同。"),
    "how near the payer is": ("FX-PAYER", case(receipt(payer=Party(name="Nordlicht Handel GmbH"))),
        "was paid by Nordlicht Handel GmbH, the buyer is Nordlicht Handels GmbH: the names are 93 % alike.",
        "的付款人为 Nordlicht Handel GmbH，买方为 Nordlicht Handels GmbH：名称相似度 93%。"),
    "how much is pinyin": ("PARTY-CONSIGNEE", case(
        contract(buyer=Party(name="贵州远山贸易有限公司")),
        declaration(consignee=Party(name="Guizhou Yuanshan Trading")), without=("invoice",)),
        "贵州远山贸易有限公司: 68 % of the name is pinyin of the characters.", "：名称的 68% 为汉字拼音。"),
    "that it is pinyin": ("BL-PARTIES", case(bill(shipper=Party(name="Guizhou Dongyu Dianqi Ltd"))),
        "is Guizhou Dongyu Dianqi Ltd, the seller 贵州东裕电气有限公司: one name spelt otherwise (pinyin, which other "
        "characters may share).", "，卖方为 贵州东裕电气有限公司：同一名称的不同写法（拼音，可能有同音字）。"),
    "of whom the account is": ("PARTY-RELATED", case(receipt(payer_account="110092691")),
        "Nordlicht Handels GmbH on contract DY-007 pays from an account of the seller 贵州东裕电气有限公司 on "
        "application L-1.", "的买方 Nordlicht Handels GmbH 与融资申请 L-1 的卖方 贵州东裕电气有限公司 付款账户相同。"),
    "whose export": ("CLASS", case(application(applicant=STRANGER), declaration(), today=TODAY),
        "SAFE has no class for Shanghai Lamp Works (91310000MA1FL0AB1X) on 2026-04-11.", "在 2026-04-11 的分类记录。"),
}  # fmt: skip


@pytest.mark.parametrize("shows", WORDED)
def test_a_finding_says_why_in_both_languages(shows: str) -> None:
    rule, judged, en, zh = WORDED[shows]
    (found,) = RULES[rule].findings(judged)
    assert en in found.message.en
    assert zh in found.message.zh


def test_the_quotations_that_are_missing_are_all_named() -> None:
    (found,) = RULES["BALANCE"].findings(case(positions=(held(eur(1)), held(Money.of(1, "GBP")))))
    assert "there is no reference rate of EUR on 2026-03-20 and of GBP on 2026-03-20 or" in found.message.en
    assert "没有 2026-03-20 的 EUR和2026-03-20 的 GBP 参考汇率" in found.message.zh
