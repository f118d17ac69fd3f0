"""What an exporter is to bring where a rule has found something, and what it may be told of the finding.

One row for each rule, by its id. A letter leaves out what has no row: nothing is told that nobody thought of. What
names other banks' financings, other exporters' papers or what the bank's policy allows is told in words of its own,
the same whatever the rule found behind it; what is the bank's or an authority's own affair is not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eximledger_chaincode.documents import Words

__all__ = ["REMEDIES", "Remedy"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to bring, and what a letter to the exporter says: the finding's own message, or `instead` of it other words
    in which `{paper}` is the first that the finding is about, or nothing. `basis` is what it names as the source, where
    the rule's own would accuse."""

    bring: Words
    instead: Words | None = None
    withheld: bool = False
    basis: str | None = None


def _told(en: str, zh: str, *, basis: str | None = None) -> Remedy:
    return Remedy(Words(en, zh), basis=basis)


def _reworded(says_en: str, says_zh: str, en: str, zh: str, *, basis: str | None = None) -> Remedy:
    return Remedy(Words(en, zh), instead=Words(says_en, says_zh), basis=basis)


def _withheld(en: str, zh: str) -> Remedy:
    return Remedy(Words(en, zh), withheld=True)


_DILIGENCE: Final = "due diligence on the trade"

_NOT_FINANCED: Final = _reworded(
    "We have no proof yet that {paper} is free of any other financing.",
    "{paper} 尚无法确认未用于其他融资。",
    "The original; a signed statement of every financing that it was used for; where one has ended, proof of that.",
    "单据正本；加盖公章的该单据全部融资情况声明；融资已结清的，提供结清证明。",
)
"""The same words for whatever the register of all banks knows: that, and no more."""

_DECLARATIONS: Final[Mapping[str, Remedy]] = {
    "DECL-EXISTS": _told(
        "The right declaration number, or the declaration as the single window prints it.",
        "正确的报关单号，或从国际贸易“单一窗口”打印的报关单。",
    ),
    "DECL-STATUS": _told(
        "The declaration once it is settled, or the new one; for an amendment customs' record of it, and the reason.",
        "结关后的报关单或重新申报的报关单；如有改单，提供海关改单记录及原因说明。",
    ),
    "DECL-OWNER": _reworded(
        "{paper} does not name your company as its exporter.",
        "{paper} 的境内发货人不是贵公司。",
        "A declaration of your own in its place.",
        "更换为贵公司作为境内发货人的报关单。",
    ),
    "DECL-COPY": _told(
        "A new print-out of the declaration from the single window, stamped, and where the copy came from.",
        "从“单一窗口”重新打印并加盖公章的报关单，并说明原复印件的来源。",
        basis="comparison with customs' record",
    ),
    "DECL-MODE": _reworded(
        "The supervision mode of {paper} is not one that we finance as it stands.",
        "{paper} 的监管方式不符合现有融资条件。",
        "Other declarations; where the mode brings payment all the same, the contract and how the buyer pays.",
        "更换报关单；如该监管方式项下确有收汇，提供合同及收款方式说明。",
    ),
    "DECL-AGE": _reworded(
        "The export date of {paper} is outside the time in which we can finance it.",
        "{paper} 的出口日期不在可融资的期限内。",
        "A newer declaration, or proof that the claim is open: the buyer's confirmation of its debt and the due date.",
        "更换为较近日期的报关单，或提供债权仍未收回的证明：买方对账确认及到期日。",
    ),
    "DECL-MATH": _told(
        "Customs' amendment of the declaration, or an explanation of the difference.",
        "海关改单证明，或差异说明。",
    ),
    "LICENCE": _told(
        "The export licence for dual-use items, or a reasoned statement that the goods need none.",
        "两用物项出口许可证，或货物无需许可的书面说明及依据。",
    ),
    "PRICE-OUTLIER": _reworded(
        "The unit price of goods on {paper} needs to be explained.",
        "{paper} 的货物单价需要说明。",
        "How the price was made: price list, offers, specification, earlier invoices for the same goods.",
        "定价依据：价目表、报价单、规格说明、同类货物以往的发票。",
        basis=_DILIGENCE,
    ),
    "GOODS-VAGUE": _told(
        "A paper that describes the goods: name, material, model, use.",
        "写明货物名称、材质、型号及用途的单据。",
        basis=_DILIGENCE,
    ),
}  # fmt: skip

_CLAIMS: Final[Mapping[str, Remedy]] = {
    "BALANCE": _reworded(
        "What is asked for against {paper} cannot be taken up: amount, currency or value does not allow it.",
        "{paper} 的申请占用金额无法办理：金额、币种或估值不符合要求。",
        "An amended application: a smaller amount in the currency of the declaration, or further declarations.",
        "修改后的申请书：以报关单币种减少占用金额，或增加其他报关单。",
    ),
    "CLAIM-PAID": _told(
        "An amended application for what is unpaid; or the buyer's statement of account that shows that more is owed.",
        "按未收金额修改后的申请书；或能证明尚欠金额更多的买方对账单。",
    ),
    "CLAIM-KIND": _told(
        "The commercial invoice on the goods, payable to its seller; or the payee's statement that it has no claim.",
        "以卖方为收款人的商业发票；或收款人出具的对该发票无债权的声明。",
    ),
    "CLAIM-OVERDUE": _told(
        "Proof of payment, or the buyer's confirmation of its debt with the reason and a new date of payment.",
        "收款证明，或买方的欠款确认书，注明原因及新的付款日期。",
    ),
    "RECEIPT-UNALLOCATED": _told(
        "A statement of what the receipt is for: invoice, declaration and amount, with the payer's advice.",
        "该笔收汇用途的说明：对应的发票、报关单及金额，并附付款通知。",
    ),
    "RECEIPT-DOUBTFUL": _told(
        "The account servicer's statement with its own reference for each of the entries, the amount ordered, the rate "
        "of exchange and the charges.",
        "开户行出具的对账单，列明每笔入账的银行编号、付款指示金额、汇率及费用。",
    ),
    "EXPECTED-RECEIPT": _reworded(
        "The date on which payment is expected does not follow from the payment terms on {paper}.",
        "{paper} 的付款条件与所填的预计收汇日不符。",
        "An amended application, or the buyer's agreement to another date of payment.",
        "修改后的申请书，或买方同意另定付款日期的文件。",
    ),
    "AMOUNT": _reworded(
        "The amount asked for is more than can be financed on the declarations named.",
        "申请金额超过所列报关单的可融资金额。",
        "An amended application: a smaller amount, or further declarations with their papers.",
        "修改后的申请书：减少申请金额，或增加报关单及其单据。",
    ),
    "TENOR": _reworded(
        "The day on which the loan is to end does not fit the expected receipt or the term that we can grant.",
        "贷款到期日与预计收汇日或可办理的期限不相适应。",
        "An amended application with another maturity; the payment terms that it rests on.",
        "修改到期日后的申请书，并附所依据的付款条件。",
    ),
    "PAPERS": _told(
        "The paper that is missing.",
        "补交所缺单据。",
    ),
    "CLASS": _told(
        "SAFE's registration of this business, or proof of your present class.",
        "外汇局的业务登记证明，或现行分类的证明。",
    ),
}  # fmt: skip

_DUPLICATES: Final[Mapping[str, Remedy]] = {
    "DUP-EXACT": _NOT_FINANCED,
    "DUP-NEAR": _NOT_FINANCED,
    "DUP-WITHIN": _told(
        "An amended application that names the paper once; where there were two consignments, what tells them apart.",
        "只列该单据一次的修改后申请书；如确为两批货物，提供区分两批货物的单据。",
    ),
    "DUP-SHIPMENT": _reworded(
        "We need proof that the containers on {paper} carried the goods of this export.",
        "{paper} 所列集装箱需证明装运的是本次出口货物。",
        "The carrier's confirmation of the containers and the sailing; terminal receipts and loading list.",
        "承运人对集装箱及航次的确认；港区收据及装箱清单。",
        basis=_DILIGENCE,
    ),
    "DUP-UNMATCHED": _withheld(
        "Nothing: the bank has the paper looked up, and checks again.",
        "无需企业提供：由银行完成查询后重新审查。",
    ),
}  # fmt: skip

_INVOICES: Final[Mapping[str, Remedy]] = {
    "INV-DECL-AMOUNT": _told(
        "A corrected invoice or customs' amendment; for freight, insurance, duty or discounts the papers on them.",
        "更正后的发票或海关改单证明；如涉及运费、保险费、关税或折扣，提供相应凭证。",
    ),
    "INV-DECL-QTY": _told(
        "A corrected invoice or customs' amendment of the quantity, with the packing list.",
        "更正后的发票或海关数量改单证明，并附装箱单。",
    ),
    "INV-DECL-GOODS": _told(
        "A corrected invoice or customs' amendment; or why the goods are classified otherwise.",
        "更正后的发票或海关改单证明；或商品归类不同的说明。",
    ),
    "INV-DECL-CCY": _told(
        "A corrected invoice or customs' amendment; or the agreement to pay in another currency.",
        "更正后的发票或海关改单证明；或约定以其他币种支付的文件。",
    ),
    "INV-MATH": _told(
        "A corrected invoice.",
        "更正后的发票。",
    ),
    "CON-INV-PARTIES": _told(
        "An invoice in the names of the contract, or the contract's amendment or assignment.",
        "与合同当事方一致的发票，或合同变更、转让文件。",
    ),
    "CON-INV-AMOUNT": _reworded(
        "More has been invoiced under {paper} than it is for.",
        "{paper} 项下累计开票金额超过合同金额。",
        "The contract's amendment, or a further contract that covers the goods.",
        "合同变更文件，或涵盖该批货物的其他合同。",
        basis="UCP 600 art. 30(a)",
    ),
    "CON-INV-PRICE": _told(
        "The contract's amendment with the new price, or a corrected invoice.",
        "载明新价格的合同变更文件，或更正后的发票。",
    ),
    "CON-INV-TERMS": _told(
        "The contract's amendment with the new terms, or a corrected invoice.",
        "载明新条件的合同变更文件，或更正后的发票。",
    ),
    "CON-DATES": _told(
        "Papers with the right dates, or an explanation; where the contract has run out, its extension.",
        "日期正确的单据或书面说明；合同已过有效期的，提供展期文件。",
    ),
    "PL-INV-QTY": _told(
        "A corrected packing list or invoice.",
        "更正后的装箱单或发票。",
    ),
    "INSURANCE": _told(
        "An insurance policy or certificate of the right cover, currency and date.",
        "保额、币种及日期符合要求的保险单或保险凭证。",
    ),
}  # fmt: skip

_TRANSPORT: Final[Mapping[str, Remedy]] = {
    "BL-DECL-PORTS": _told(
        "The carrier's or customs' amendment of the port or destination, or an explanation of the route.",
        "承运人或海关对港口、目的地的更改证明，或运输路线说明。",
    ),
    "BL-DATE": _told(
        "The carrier's confirmation of the date of loading; customs' record of when the goods were declared.",
        "承运人出具的装运日期证明；海关申报日期记录。",
    ),
    "BL-ONBOARD": _told(
        "The bill with an on-board notation and its date.",
        "载有已装船批注及日期的提单。",
    ),
    "BL-LATEST": _told(
        "The buyer's agreement to the later shipment, or the contract's or credit's amendment.",
        "买方同意延迟装运的文件，或合同、信用证修改书。",
    ),
    "BL-PRESENT": _reworded(
        "{paper} is presented late after shipment.",
        "{paper} 的交单距装运时间较长。",
        "Nothing for this examination; under a credit present in time, or have the credit amended.",
        "本次审查无需补充；信用证项下请按期交单或办理改证。",
    ),
    "BL-CLAUSED": _told(
        "A clean bill, or the buyer's acceptance of the clause.",
        "清洁提单，或买方接受该批注的文件。",
    ),
    "BL-FREIGHT": _told(
        "A corrected bill, or proof of who pays the freight.",
        "更正后的提单，或运费承担方的证明。",
    ),
    "BL-PARTIES": _told(
        "A corrected bill; or the agency, forwarding or assignment agreement that names the other party.",
        "更正后的提单；或载明该当事方的代理、货代或转让协议。",
        basis="ISBP 821 E",
    ),
    "BL-NUMBERS": _told(
        "The carrier's confirmation of the numbers, or customs' amendment of the declaration.",
        "承运人对号码的确认，或海关改单证明。",
    ),
    "BL-WEIGHT": _told(
        "A corrected bill or packing list, or customs' amendment of weight and packages.",
        "更正后的提单或装箱单，或海关对重量、件数的改单证明。",
    ),
    "BL-VOYAGE": _told(
        "The carrier's record of the voyage: vessels, ports and dates.",
        "承运人的航程记录：船舶、港口及日期。",
        basis=_DILIGENCE,
    ),
    "EMBARGO": _reworded(
        "A country on {paper} is not one that we finance.",
        "{paper} 所涉国家（地区）不在可融资范围内。",
        "Where it is a mistake, corrected papers of destination and route; else other exports.",
        "如系笔误，提供目的地及路线更正后的单据；否则更换其他出口业务。",
    ),
    "ROUTE": _told(
        "The buyer's or carrier's explanation of the route, with the contract's terms of delivery.",
        "买方或承运人对运输路线的说明，并附合同的交货条款。",
        basis=_DILIGENCE,
    ),
}  # fmt: skip

_CREDITS: Final[Mapping[str, Remedy]] = {
    "LC-AMOUNT": _told(
        "The credit's amendment, or a corrected invoice within its amount.",
        "信用证修改书，或在信用证金额以内的更正发票。",
    ),
    "LC-PARTIES": _told(
        "The credit's amendment or transfer, or papers in the names of the credit.",
        "信用证修改书或转让文件，或与信用证当事方一致的单据。",
    ),
    "LC-TERMS": _told(
        "The credit's amendment, or a corrected invoice with the terms of the credit.",
        "信用证修改书，或与信用证条款一致的更正发票。",
    ),
    "LC-EXPIRY": _told(
        "The credit's extension, or the issuing bank's consent to a late presentation.",
        "信用证展期修改书，或开证行同意逾期交单的文件。",
    ),
    "LC-LATEST": _told(
        "The credit's amendment of the latest shipment.",
        "修改最迟装运期的信用证修改书。",
    ),
    "LC-PRESENT": _told(
        "The credit's amendment, or the issuing bank's consent to a late presentation.",
        "信用证修改书，或开证行同意逾期交单的文件。",
    ),
    "LC-PORTS": _told(
        "The credit's amendment of the ports, or a corrected bill.",
        "修改港口的信用证修改书，或更正后的提单。",
    ),
    "LC-PARTIAL": _told(
        "The credit's amendment that allows partial shipments.",
        "允许分批装运的信用证修改书。",
    ),
    "LC-TRANSHIP": _told(
        "The credit's amendment that allows transhipment, or a corrected bill.",
        "允许转运的信用证修改书，或更正后的提单。",
    ),
    "LC-PAPERS": _told(
        "The paper that the credit asks for.",
        "补交信用证要求的单据。",
    ),
    "PACK-BALANCE": _reworded(
        "What is asked for against {paper} cannot be taken up: amount, currency or value does not allow it.",
        "{paper} 的申请占用金额无法办理：金额、币种或估值不符合要求。",
        "An amended application: a smaller amount, or further contracts or credits.",
        "修改后的申请书：减少占用金额，或增加其他合同、信用证。",
    ),
    "PACK-ELSEWHERE": _NOT_FINANCED,
    "PACK-PARTIES": _told(
        "The assignment or agency agreement by which the applicant exports under the contract or credit.",
        "申请人据以在该合同或信用证项下出口的转让或代理协议。",
    ),
    "PACK-DATES": _told(
        "The contract's or credit's amendment of the latest shipment.",
        "修改最迟装运期的合同变更文件或信用证修改书。",
    ),
}  # fmt: skip

_PARTIES_AND_MONEY: Final[Mapping[str, Remedy]] = {
    "PARTY-RELATED": _reworded(
        "How buyer and seller on {paper} are related needs to be explained.",
        "{paper} 的买卖双方关系需要说明。",
        "The owners and managers of both companies, and how prices between them are made.",
        "双方的股东及管理人员情况，以及双方之间的定价方式。",
        basis=_DILIGENCE,
    ),
    "PARTY-CONSIGNEE": _told(
        "Who receives the goods and why: the buyer's instruction, or the agency or sales agreement.",
        "实际收货方及原因：买方指示，或代理、转售协议。",
        basis=_DILIGENCE,
    ),
    "FX-PAYER": _told(
        "The buyer's instruction or the agreement by which the other party pays, and how the two are related.",
        "买方委托第三方付款的指示或协议，以及双方关系说明。",
    ),
    "FX-AMOUNT": _told(
        "A statement of which invoices each receipt pays, with bank charges and deductions.",
        "各笔收汇对应发票的说明，并列明银行费用及扣款。",
    ),
    "FX-DATES": _told(
        "The trade-credit report to SAFE, or proof of the agreed time of payment.",
        "向外汇局报送的贸易信贷报告，或约定付款时间的证明。",
    ),
    "FX-DEVIATION": _told(
        "SAFE's own figures for your company, and an explanation of the difference.",
        "外汇局对贵公司的监测指标，以及差额说明。",
    ),
    "HISTORY": _reworded(
        "This export is new in kind or size for your company and needs to be explained.",
        "本次出口在品种、市场或规模上与贵公司以往业务不同，需要说明。",
        "How the business came about, and what is known of the buyer.",
        "业务来源及买方情况说明。",
        basis=_DILIGENCE,
    ),
    "CONCENTRATION": _withheld(
        "Nothing: the bank weighs what it lends in all.",
        "无需企业提供：由银行综合评估。",
    ),
    "SANCTION": _withheld(
        "Nothing by letter: the bank's compliance officers deal with it, and the exporter is not told.",
        "不向企业书面告知：由银行合规人员处理。",
    ),
}  # fmt: skip

_OF_THE_BANK: Final[Mapping[str, Remedy]] = {
    "MAKER-CHECKER": _withheld(
        "Nothing: another officer decides.",
        "无需企业提供：由另一名人员审批。",
    ),
    "POLICY": _withheld(
        "Nothing: the bank checks again by the policy that holds.",
        "无需企业提供：由银行按现行政策重新审查。",
    ),
    "ISSUER": _withheld(
        "Nothing: the member that may issue the paper files it.",
        "无需企业提供：由有权出具的成员写入。",
    ),
    "RULE-SET": _withheld(
        "Nothing: the bank checks with the rules that hold.",
        "无需企业提供：由银行按现行规则审查。",
    ),
}  # fmt: skip

REMEDIES: Final[Mapping[str, Remedy]] = {
    **_DECLARATIONS,
    **_CLAIMS,
    **_DUPLICATES,
    **_INVOICES,
    **_TRANSPORT,
    **_CREDITS,
    **_PARTIES_AND_MONEY,
    **_OF_THE_BANK,
}
"""By the rule's id."""
