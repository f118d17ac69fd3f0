"""A rule's source as Chinese readers know it: UCP 600 art. 18(a) is 《跟单信用证统一惯例》（UCP 600）第18条(a)款."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["cited"]

_PHRASES: Final[Mapping[str, str]] = {
    "SAFE's cross-border finance platform": "国家外汇管理局跨境金融服务平台",
    "SAFE's platform": "国家外汇管理局跨境金融服务平台",
    "authenticity check of ": "真实性核验：",
    "financing balance of ": "融资余额：",
    "SAFE goods-trade guidelines": "货物贸易外汇管理指引",
    "SAFE off-site monitoring": "国家外汇管理局非现场监测",
    "total deviation rate": "总量差额率",
    "total difference rate": "总量差额比率",
    "trade-credit reporting": "贸易信贷报告",
    "the pledge is on the unpaid claim": "质押标的为未收债权",
    "pledge is on the unpaid claim": "质押标的为未收债权",
    "trade financing validation services (MonetaGo, SWIFT)": "贸易融资单据核验服务（MonetaGo、SWIFT）",
    "trade financing validation services": "贸易融资单据核验服务",
    "trade-based money laundering indicators": "贸易洗钱指标",
    "trade-based money laundering red flag": "贸易洗钱风险提示",
    "phantom shipping": "虚构运输",
    "Wolfsberg trade finance principles": "沃尔夫斯堡集团贸易融资原则",
    "comparison with customs' record": "与海关记录核对",
    "due diligence on the trade": "贸易背景尽职调查",
    "single-window checks of customs": "海关“单一窗口”校验",
    "single-window checks": "“单一窗口”校验",
    "customs practice": "海关惯例",
    "bank practice": "银行惯例",
    "bank policy": "银行政策",
    "entry references": "入账编号",
    "UN/EDIFACT": "联合国 EDIFACT",
    "Civil Code": "《民法典》",
    "Customs Law: declare before loading (24 h)": "《海关法》：装货的24小时以前申报",
    "Customs Law: declare before loading": "《海关法》：装货前申报",
    "Customs Law": "《海关法》",
    "general": "一般要求",
    "Wolfsberg": "沃尔夫斯堡集团",
    "FATF/Egmont": "金融行动特别工作组、埃格蒙特集团",
    "FATF": "金融行动特别工作组",
    "Incoterms": "《国际贸易术语解释通则》",
}
"""Longer ones first where one holds another."""

_DATED: Final = r"(?P<day>\d{1,2}) (?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (?P<year>\d{4})"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_ARTICLE: Final = r"\d+(?:\([a-z]+\))*(?![\d\]])"


def _articles(found: re.Match[str]) -> str:
    return "、".join(map(_article, found[1].split(", ")))


def _article(text: str) -> str:
    number, bracket, part = text.partition("(")
    return (f"第{number}条" if number else "") + (f"({part}款" if bracket else "")


def _day(found: re.Match[str]) -> str:
    return f"{found['year']}年{_MONTHS.index(found['month']) + 1}月{int(found['day'])}日"


_PATTERNS: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"UCP 600"), "《跟单信用证统一惯例》（UCP 600）"),
    (re.compile(r"ISBP (\d+)(?: ([A-Z]\d*)\b)?"), lambda found: f"《国际标准银行实务》（ISBP {found[1]}）" + (
        f"{found[2]}" if found[2] else "")),
    (re.compile(r" ?\bart\. (" + _ARTICLE + r"(?:, " + _ARTICLE + r"|, (?:\([a-z]+\))+)*)"), _articles),
    (re.compile(r"Huifa \[(\d{4})\] (\d+)"), r"汇发〔\1〕\2号"),
    (re.compile(r", \[(\d{4})\] (\d+)"), r"、〔\1〕\2号"),
    (re.compile(r"PBoC Order (\d+) \[(\d{4})\]"), r"中国人民银行令〔\2〕第\1号"),
    (re.compile(r"State Council Order (\d+)"), r"国务院令第\1号"),
    (re.compile(r",? ?\bfrom " + _DATED), lambda found: f"（自{_day(found)}起）"),
    (re.compile(r"; "), "；"),
    (re.compile(r", "), "，"),
    (re.compile(r"(?<=\d) to (?=[A-Z])"), " 至 "),
)  # fmt: skip


def cited(source: str) -> str:
    """The source in Chinese, with every number that it has; what has no translation stays as it is."""
    text = source
    for english in sorted(_PHRASES, key=len, reverse=True):
        text = text.replace(english, _PHRASES[english])
    for pattern, chinese in _PATTERNS:
        text = pattern.sub(chinese, text)
    return text
