"""The Chinese of watch lists, policy, certificates and refused papers on pages, and of the default members' names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CONTROLS"]

_FORMATS: Final = (
    "UBL invoice, credit note, debit note, order, despatch advice, packing list, export customs declaration, waybill "
    "or bill of lading; UN/CEFACT Cross Industry Invoice, ZUGFeRD 1 or Cross Industry Order; Italy's FatturaPA; "
    "ISO 20022 camt.052, camt.053 or camt.054; UN/EDIFACT INVOIC or DESADV; SWIFT MT940, MT942, MT103, MT910, MT700, "
    "MT701, MT707, MT708, MT710, MT711, MT720 or MT721; DCSA bill of lading; tables of declarations, invoices, "
    "packing lists or contracts, CSV, XLSX, ODS, XLS, Excel 2003 XML or HTML; China Customs' DecMessage; China's "
    "fully digital invoice (数电票); files that hold papers, PDF, OFD, ZIP, AttachedDocument or SBDH message; "
    "this project's JSON"
)
"""All formats, as a refusal names them (`formats.known_formats`; a test compares)."""

CONTROLS: Final[Mapping[str, str]] = {
    _FORMATS: (
        "UBL 发票、贷记通知、借记通知、订单、发货通知、装箱单、出口报关单、运单或提单；UN/CEFACT 跨行业发票、ZUGFeRD 1 "
        "或跨行业订单；意大利 FatturaPA；ISO 20022 camt.052、camt.053 或 camt.054；UN/EDIFACT INVOIC 或 DESADV；SWIFT "
        "MT940、MT942、MT103、MT910、MT700、MT701、MT707、MT708、MT710、MT711、MT720 或 MT721；DCSA 提单；报关单、"
        "发票、装箱单或合同的表格（CSV、XLSX、ODS、XLS、Excel 2003 XML 或 HTML）；海关 DecMessage；数电票；内含"
        "单据的文件（PDF、OFD、ZIP、AttachedDocument 或 SBDH 报文）；本系统的 JSON"
    ),
    "A clearing holds for every loan of the bank until the entry or the party changes; the papers are checked again.": (
        "排除对本行全部贷款有效，直至名单条目或当事方变更；排除后须重新审查单据。"
    ),
    "A policy waits for a second person": "有政策待第二人确认",
    "a standing loan of another bank rests on it": "他行有效贷款以此为据",
    "another bank approved a loan on it that was never drawn": "他行据此批准的贷款从未提款",
    "another bank has disbursed a loan on it": "他行已据此放款",
    "certificate of an authority": "证书颁发机构",
    "certificate of an authority of TLS": "TLS 证书颁发机构",
    "certificate of an application for TLS": "应用的 TLS 证书",
    "Address": "地址",
    "Answers": "能否连通",
    "Peers": "节点",
    "no": "否",
    "yes": "是",
    "certificate of an endorsing peer for TLS": "背书节点的 TLS 证书",
    "certificate of an HTTPS server": "本服务器的 HTTPS 证书",
    "certificate of an officer": "人员证书",
    "certificate of an orderer": "排序节点证书",
    "certificate of an orderer for TLS": "排序节点的 TLS 证书",
    "Clear the hits on watch lists": "排除名单命中",
    "Cleared. Check the papers again.": "已排除，请重新审查单据。",
    "Customs": "海关",
    "declared": "已申报",
    "Earlier": "原内容",
    "Edition": "版次",
    "Export-Import Bank of China, Guizhou Branch": "中国进出口银行贵州省分行",
    "Guiyang Customs District": "贵阳海关",
    "Held against": "比对名单",
    "Hold it against today's watch lists": "按当日监控名单筛查",
    "is not": "并非",
    "Later": "新内容",
    "List": "名单",
    "No bank's policy goes under them.": "任何银行的政策不得低于此线。",
    "No list holds today.": "当日无有效名单。",
    "Nobody.": "无命中。",
    "Not filed": "未提交",
    "not applied for while papers are refused.": "因有单据被拒，尚未提交申请。",
    "Payer": "付款人",
    "Policy": "审查政策",
    "Propose another": "拟定新政策",
    "Propose another reason": "改拟理由",
    "Propose to clear it": "提议排除",
    "released": "已放行",
    "settled": "已结关",
    "signed": "出口商签署",
    "State Administration of Foreign Exchange, Guizhou Branch": "国家外汇管理局贵州省分局",
    "The built-in policy holds; two persons make another.": "适用内置政策；须两人方可另立。",
    "The consortium's floors": "联盟底线",
    "The form, filled with what holds today": "表单（已按现行政策填写）",
    "Trade Bank of Guizhou": "贵州贸易银行",
    "Try these again": "重新提交这些单据",
    "Use": "用途",
    "Watch lists": "监控名单",
    "What holds today": "现行政策",
    "What it changes": "变更内容",
    "What will hold": "将生效政策",
    "Who has the role policy confirms it.": "须由具有政策角色的人员确认。",
    "Who of the papers may be on a list": "单据所载当事方的名单命中",
    "Why the party is not whom the entry means": "该当事方并非名单条目所指的理由",
    "with commas": "以逗号分隔",
    "Words": "附言",
}
