"""The Chinese of the command line's help on loans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["HELP_LOANS"]

HELP_LOANS: Final[Mapping[str, str]] = {
    "Export loans: apply, check, decide, pay, to the end.": "出口贷款：申请、审查、决定、收付，直至结束。",
    "What is drawn, repaid and outstanding, and which interest is due on a day.": (
        "某日的已提款、已还款、未还金额及应付利息。"
    ),
    "On which day; today by default.": "哪一日；默认当日。",
    "Whose loan; SAFE says it, a bank means its own.": "谁的贷款；外汇局须指明，银行默认为本行。",
    "Apply for a loan with the application in FILE (JSON), or again with an amended one.": (
        "按 FILE（JSON）中的申请书申请贷款，或以修改后的申请书重新申请。"
    ),
    (
        "Approve what was checked and hold the balance; as a checker who neither applied nor filed a paper of the loan."
    ): "批准已审查的内容并占用余额；须为未申请该笔贷款、未提交其单据的复核人员。",
    "The application's version that was checked.": "已审查的申请版本。",
    "The evidence hash of the verdict that you saw.": "所见审查结论的依据哈希。",
    "Set a referring finding aside, and why.": "豁免一项转人工审查的问题及其理由。",
    "Reconcile the loan's papers, and record the verdict. Exit code 0 approvable, 3 refer, 4 reject.": (
        "核对贷款单据并记录审查结论。退出码 0 可批准，3 转人工审查，4 拒绝。"
    ),
    "Of a loan that is approved `--preview` judges what it still holds and owes.": (
        "已批准的贷款用 `--preview` 按其现有占用和所欠重审。"
    ),
    "Tell the verdict as it would be; record nothing.": "只显示将得出的审查结论，不记录。",
    "What must be there before money leaves, and by which numbers it is.": "放款前须具备的条件，以及落实的凭证号。",
    "Take just the step that another person proposed (`loan show` gives PROPOSAL); as a checker.": (
        "确认他人提出的步骤（PROPOSAL 见 `loan show`）；须为复核人员。"
    ),
    (
        "Propose that a packing loan becomes the export bill in FILE (JSON): its hold moves to the declarations named."
    ): "提出将打包贷款转为 FILE（JSON）所述出口押汇：其占用转至所列报关单。",
    (
        "FILE says the declarations with the amounts held of each, the papers by number, and when the buyer"
        " is to pay. Papers are looked up in the register of all banks when it is proposed; before that --preview"
        " says that they were not."
    ): (
        "FILE 载明报关单及各自占用金额、单据号码和买方付款日。提出时在各银行登记簿中查重；此前 --preview "
        "会说明尚未查重。"
    ),
    "The number by which a condition precedent of a loan on declarations is met.": (
        "报关单项下贷款落实放款前提条件的凭证号。"
    ),
    "A new maturity; as before by default.": "新到期日；默认不变。",
    "A year, from then on; as before by default.": "此后的年利率；默认不变。",
    "Set a referring finding aside, and why (--preview shows them).": (
        "豁免一项转人工审查的问题及其理由（见 --preview）。"
    ),
    "Judge the export bill here; propose nothing.": "只在此审查出口押汇，不提出。",
    "Propose to pay out an approved loan, or a part of it.": "提出发放已批准的贷款或其一部分。",
    (
        "Its conditions precedent must be met (`loan conditions`), now or by what is given here; the case"
        " is judged again."
    ): "放款前提条件须已落实（`loan conditions`）或在此填写；案件将重新审查。",
    "In the loan's currency: 7760000.00.": "以贷款币种计：7760000.00。",
    "Its value date; at most three days from today.": "起息日；距当日最多三天。",
    "The bank's own reference of the payment; each pays once.": "本行的款项编号；每个编号只能用一次。",
    "What is paid, where it is not the loan's currency.": "以其他币种支付时的实付金额。",
    "With --paid: so many of the other currency for one CCY.": "与 --paid 同用：一单位 CCY 折合多少另一币种。",
    ("The number by which a condition precedent is met: pledge-registration, insurance-assignment, signed-contract."): (
        "落实放款前提条件的凭证号：pledge-registration、insurance-assignment、signed-contract。"
    ),
    "Propose a later maturity; the balance stays held, and the case is judged again with the new day.": (
        "提出展期；余额继续占用，案件按新到期日重新审查。"
    ),
    "The new maturity.": "新到期日。",
    "A year, from the extension on; as before by default.": "展期起的年利率；默认不变。",
    "Why; it is recorded on the ledger.": "理由；记录在账本上。",
    "Judge the case with the new maturity here; propose nothing.": "只在此按新到期日审查，不提出。",
    "Every version of a loan that was written, newest first.": "贷款的全部版本，最新在前。",
    "Propose to ask the insurer to pay; what it pays is a repayment (`loan repay --from insurer`).": (
        "提出向保险人索赔；其付款为还款（`loan repay --from insurer`）。"
    ),
    "What is asked, in the loan's currency.": "索赔金额，以贷款币种计。",
    "When the claim is made; at most three days from today.": "索赔日；距当日最多三天。",
    "The claim's reference.": "索赔编号。",
    "Who is asked.": "保险人。",
    "End an approved loan that was not drawn while it could be, and free its balance.": (
        "终止逾期未提款的已批准贷款，并释放其余额。"
    ),
    (
        "Write to the exporter, in Chinese and English, what does not agree, by which source, and what to bring."
    ): "以中英文致函出口商：不符之处、依据及应提供的材料。",
    (
        "Writes letter-ID.docx and letter-ID.html of the verdict that was recorded last. What names other"
        " banks' financings, what policy allows, or who works at the bank is worded for the exporter or left"
        " out; what is left out is said here."
    ): (
        "按最近记录的审查结论写 letter-ID.docx 和 letter-ID.html。涉及他行融资、政策尺度或本行人员的内容"
        "改写或略去；略去的内容在此列出。"
    ),
    "Last day for an answer; in 15 days by default.": "答复期限；默认 15 天。",
    "The bank's name, where the consortium has another.": "银行名称；默认为联盟中的名称。",
    "Where both files are written; the present folder by default.": "两个文件的位置；默认当前文件夹。",
    "The bank's loans and what was asked for in each currency, a page at a time.": (
        "银行的贷款及各币种申请金额合计，逐页显示。"
    ),
    "Only in it.": "仅此状态。",
    "Only of applicants with this in a name or the USCC.": "仅名称或统一社会信用代码含此文字的申请人。",
    "Only those that mature on this day or later.": "仅此日及以后到期的。",
    "Only those that mature on this day or before.": "仅此日及以前到期的。",
    (
        "By loan, state, bank, applicant, amount, matures, updated; -NAME the other way round. As they were"
        " opened by default."
    ): "按 loan、state、bank、applicant、amount、matures、updated 排序；-NAME 为倒序。默认按开立顺序。",
    "The receipts that name the loan's exports: out of which it may be repaid, and what is left of each.": (
        "注明贷款所涉出口的收汇凭证：可用于还款及各自剩余金额。"
    ),
    "Note that a loan was not repaid by its maturity; interest runs at the higher rate, noted or not.": (
        "登记贷款到期未还；无论登记与否，均按较高利率计息。"
    ),
    "Put an undecided loan before an officer.": "将未决贷款转人工审查。",
    "Why; it is recorded.": "理由；将被记录。",
    "Reject an undecided loan for good; as a checker who did not apply for it.": (
        "最终拒绝未决贷款；须为未申请该笔贷款的复核人员。"
    ),
    (
        "Propose to take a repayment in, or a part: interest that has run first, then principal, freeing in proportion."
    ): "提出收取还款或其一部分：先还利息，后还本金，按比例释放占用。",
    "Who repays.": "还款人。",
    "The receipt out of which is repaid, as `loan offered` names it.": "用于还款的收汇凭证，见 `loan offered`。",
    "The interest period by period, as things stand: days, principal, rate, interest.": (
        "按现状逐期计息：天数、本金、利率、利息。"
    ),
    "Until which day; until maturity, or today where that is over.": "计至哪一日；默认到期日，已过则为当日。",
    "A loan: its state, what is proposed, its last verdict, the steps of its life.": (
        "贷款：状态、待确认步骤、最近审查结论和贷款过程。"
    ),
    "Take back an undecided loan; of an approved one propose it, for another person to confirm.": (
        "撤回未决贷款；已批准的则提出撤回，由他人确认。"
    ),
    "Propose to give up a loan; what is owed stays held for good, and may still be repaid.": (
        "提出核销贷款；所欠继续占用，仍可还款。"
    ),
}
