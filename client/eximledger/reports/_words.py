"""The words of reports in both languages. One word per idea, the same on terminal, page and command line."""

from __future__ import annotations

from typing import Final, Literal, get_args

__all__ = ["LANGUAGES", "Language", "word"]

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_ZH: Final = {
    "Export loan report": "出口贷款审查报告",
    "Loan": "贷款",
    "Applicant": "申请人",
    "Applied on": "申请日期",
    "Amount asked": "申请金额",
    "Can be financed": "可融资金额",
    "Matures on": "到期日",
    "Receipt expected on": "预计收汇日",
    "Decision": "结论",
    "approve": "同意",
    "refer": "转人工审查",
    "reject": "拒绝",
    "inform": "提示",
    "Every rule is met: the loan may be approved.": "全部规则通过，可以批准。",
    "An officer decides on the findings below.": "以下问题须由信贷人员审定。",
    "The loan must not be granted on these papers.": "依现有单据不得发放贷款。",
    "Findings": "发现的问题",
    "No findings.": "未发现问题。",
    "Rule": "规则",
    "Severity": "级别",
    "Document": "单据",
    "Documents": "单据",
    "Field": "字段",
    "Says": "记载",
    "Finding": "问题",
    "Declarations": "报关单",
    "Occupies": "占用金额",
    "Balance": "余额",
    "Value": "价值",
    "Held": "已占用",
    "Collected": "已收汇",
    "Free": "可用",
    "Evidence": "审查依据",
    "Channel": "通道",
    "Kind": "类别",
    "Id": "编号",
    "Version": "版本",
    "Evidence hash": "依据哈希",
    "Rule set": "规则集",
    "Policy": "政策",
    "Life of the loan": "贷款过程",
    "Step": "步骤",
    "Time": "时间",
    "By": "经办",
    "State": "状态",
    "Bank": "银行",
    "Reason": "理由",
    "Reference": "业务编号",
    "Overridden findings": "已豁免的问题",
    "applied": "已申请",
    "checked": "已审查",
    "referred": "转人工",
    "rejected": "已拒绝",
    "withdrawn": "已撤回",
    "expired": "已过期",
    "approved": "已批准",
    "disbursed": "已放款",
    "repaid": "已还款",
    "released": "已释放",
    "declaration": "报关单",
    "contract": "合同",
    "invoice": "发票",
    "transport": "运输单据",
    "packing-list": "装箱单",
    "receipt": "收汇",
    "classification": "企业分类",
    "rate": "参考汇率",
    "policy": "容差政策",
    "application": "贷款申请",
    "Number": "号码",
    "Exporter": "出口商",
    "Dated": "日期",
    "Issuer": "出具方",
}


def word(english: str, language: Language) -> str:
    """A word or sentence of ours in a language; what has no translation stays as it is."""
    return _ZH.get(english, english) if language == "zh" else english
