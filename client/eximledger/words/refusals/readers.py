"""The Chinese of what the readers of formats refuse: what is said of a place in a file, by the form of the English.

A reader's sentence is a place (an element, a cell, a field) and what is wrong there; the place stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["PLACES", "REASONS"]

PLACES: Final[Mapping[str, str]] = {
    "the file": "文件", "the archive": "压缩包", "the table": "表格", "the PDF": "PDF", "the OFD": "OFD 文件",
    "the message": "报文", "the interchange": "报文交换", "the list": "名单", "the paper": "单据",
    "the XML is refused:": "XML 不予受理：", "the JSON is refused:": "JSON 不予受理：",
}  # fmt: skip
"""Places that are words of ours."""

REASONS: Final[Mapping[str, str]] = {
    "type {} is none of {}": "类型 {} 不在下列各值之中：{}",
    # files and what they are packed in
    "is empty": "为空",
    "comes after more than is read of one archive; send it by itself": "之前的文件已达一个压缩包的读取上限；请单独发送",
    "brings what its archive holds to more than {} MiB; send it by itself": (
        "使压缩包内的文件合计超过 {} MiB；请单独发送"
    ),
    "is damaged": "已损坏",
    "is missing": "缺失",
    "is missing; columns that are not known here: {}": "缺失；未识别的列：{}",
    "is not a file": "不是文件",
    "holds no paper": "没有单据",
    "cannot be read: {}": "无法读取：{}",
    "is larger than {} MiB": "超过 {} MiB",
    "has more than {} files": "超过 {} 个文件",
    "is encrypted; send it without a password": "已加密；请去除密码后发送",
    "unpacks to more than {} MiB": "解压后超过 {} MiB",
    "holds more than {} workbooks and PDFs; send it in parts": "含有超过 {} 个工作簿和 PDF；请分批发送",
    "is refused: a file in it is packed more tightly than real papers are": "不予受理：其中有文件的压缩率超出正常单据",
    "has more than {} objects": "超过 {} 个对象",
    "is damaged, or beyond what papers are ({})": "已损坏，或超出单据的范围（{}）",
    "has more than {} attachments": "超过 {} 个附件",
    "has attachments of more than {} MiB": "附件超过 {} MiB",
    "has more than {} pages": "超过 {} 页",
    "draws more than {} KiB on its pages": "页面内容超过 {} KiB",
    "has more than {} fonts, or {} letters in them": "超过 {} 种字体，或其中超过 {} 个字符",
    "has more than {} operations on its pages": "页面操作超过 {} 个",
    "has more than {} pieces of text": "超过 {} 段文字",
    "is a scan: its pages have no text, and pictures are not read as data": "是扫描件：页面没有文字，不从图像读取数据",
    "has no paper attached, and no page is a {}; send the XML that it was made from": (
        "没有附带单据，也没有一页是{}；请发送生成它的 XML"
    ),
    "is no text": "不是文本",
    "is not text in UTF-8, UTF-16 or GB18030": "不是 UTF-8、UTF-16 或 GB18030 文本",
    "is not an object": "不是对象",
    "is not a text": "不是文本",
    "is not a list of texts": "不是文本列表",
    "is neither true nor false": "既非 true 也非 false",
    "is not a whole number from 0": "不是自 0 起的整数",
    "is not a list of objects": "不是对象列表",
    "is refused: {}": "不予受理：{}",
    "is refused: {}: {}": "不予受理：{}：{}",
    # which file it is at all
    "{}; known are: {}": "{}；已知格式：{}",
    "is a SWIFT MT{}, which is not read here": "是 SWIFT MT{}，不受理",
    "is a {} among others; send it by itself": "是多份之中的{}；请单独发送",
    "is a {} within a {}; send it by itself": "是 {1} 之中的 {0}；请单独发送",
    "is an envelope around {}, which is no paper that is read here": "是 {} 的封装，不是受理的单据",
    "is no SWIFT message known here": "不是已知的 SWIFT 报文",
    "has no invoice attached as XML, and its pages are not read; send the XML that came with it": (
        "没有附带 XML 发票，且不读取其页面；请发送随附的 XML"
    ),
    "this archive holds no papers, and is no .xlsx workbook": "压缩包中没有单据，也不是 .xlsx 工作簿",
    "this is a UBL {}: {}": "这是 UBL {}：{}",
    "this XML ({}) is no format that is read here": "此 XML（{}）不是受理的格式",
    "this XML has no root element": "此 XML 没有根元素",
    "this is a file of old office software, but no workbook; save it as .xlsx or .pdf": (
        "这是旧版办公软件的文件，但不是工作簿；请另存为 .xlsx 或 .pdf"
    ),
    "this is a signed file (.p7m); send the paper that is in it, without the signature around it": (
        "这是签名文件（.p7m）；请发送其中的单据，不含外层签名"
    ),
    "this is a simplified FatturaPA, which has no lines of goods; send the ordinary one": (
        "这是简化的 FatturaPA，没有货物明细；请发送普通发票"
    ),
    "this is a table, but without the columns of a declaration, an invoice, a packing list or a contract": (
        "这是表格，但没有报关单、发票、装箱单或合同的列"
    ),
    "this is a watch list: file it with `eximledger watch file`": "这是监控名单：请用 eximledger watch file 提交",
    "this is an EDIFACT {}, which is not read here": "这是 EDIFACT {}，不受理",
    "this is an ISO 20022 {}, of a version that banks have left; send one of .02 or later": (
        "这是 ISO 20022 {}，版本过旧；请发送 .02 或更新的版本"
    ),
    "this is an ISO 20022 {}, which {}; send the bank's camt.053 or camt.054": (
        "这是 ISO 20022 {}，{}；请发送银行的 camt.053 或 camt.054"
    ),
    "this is a SWIFT MT{}, which is not read here": "这是 SWIFT MT{}，不受理",
    "this is an OpenDocument file in one XML; save it as .ods, .xlsx or .csv": (
        "这是单一 XML 的 OpenDocument 文件；请另存为 .ods、.xlsx 或 .csv"
    ),
    "this is no format that is read here": "不是受理的格式",
    "holds no paper that is read here": "没有受理的单据",
    "no paper that is read here": "不是受理的单据",
    "{} does not come as a table; there are {}": "{} 没有表格形式；有 {}",
    "holds more than {} papers; send them in parts": "超过 {} 份单据；请分批发送",
    "holds numbers or nesting beyond what papers have": "数字或嵌套超出正常单据",
    "has more than {} places, papers or parties": "超过 {} 个地点、单据或当事方",
    "has more than {} fields; send it in parts": "超过 {} 个字段；请分批发送",
    "names no field of the paper": "不是单据的字段",
    "names {}, and the paper is by {}": "载明 {}，而单据依据 {}",
    "the documents have no field for it": "单据没有相应字段",
    "stands beside another for {}": "与另一个同指 {}",
    "is not base64": "不是 base64",
    "is refused: {}{}": "不予受理：{}{}",
    "write it as text": "须为文本",
    "{} is not an object": "{} 不是对象",
    # amounts, codes and dates of every format
    "has no currency": "没有币种",
    "has no unit": "没有单位",
    "is no number": "不是数字",
    "is not a finite number": "不是有限数字",
    "is not an ISO 4217 currency code": "不是 ISO 4217 币种代码",
    "has a currency that ISO 4217 does not know": "币种不在 ISO 4217 之内",
    "has a currency that ISO 4217 does not know: {}": "币种不在 ISO 4217 之内：{}",
    "cannot be converted into {}": "不能换算为 {}",
    "differs from {} of the same paper": "与同一单据的 {} 不一致",
    "has no value in {}.{}": "在 {}.{} 没有值",
    "has no number in {}.{}": "在 {}.{} 没有数字",
    "has a number in {}.{} of which the mark may part thousands or decimals": (
        "在 {}.{} 的数字中，分隔符可能是千分位也可能是小数点"
    ),
    "has a date of a form that is not read ({})": "日期格式不受理（{}）",
    "is not a date of the form 20260105": "不是 20260105 形式的日期",
    # ISO 20022, UN/CEFACT, UBL, FatturaPA, DCSA
    "is not a status of ISO 20022 (BOOK, PDNG, FUTR, INFO)": "不是 ISO 20022 的状态（BOOK、PDNG、FUTR、INFO）",
    "is neither CRDT nor DBIT": "既非 CRDT 也非 DBIT",
    "is the profile {}, which has no lines; send BASIC, EN 16931 or EXTENDED": (
        "为 {} 档，没有明细行；请发送 BASIC、EN 16931 或 EXTENDED"
    ),
    "says that this is {} ({}); send the order as it then stands": "表明这是 {}（{}）；请发送最终订单",
    "is of version {}; FatturaPA 1.2 (FPA12, FPR12) is read": "版本为 {}；受理 FatturaPA 1.2（FPA12、FPR12）",
    "has more than {} invoices; send them in parts": "超过 {} 张发票；请分批发送",
    "is missing: version 3 of DCSA's bill of lading is read, and none before": "缺失：仅受理 DCSA 提单第 3 版",
    "is {}: only a bill that was issued, and stands, is read": "为 {}：仅受理已签发且有效的提单",
    "is neither BOL nor SWB": "既非 BOL 也非 SWB",
    "and CustomsDeclaration/ID name two declarations": "与 CustomsDeclaration/ID 指向两份报关单",
    "differs from DeclaredCustomsValueAmount: what was declared is in doubt": (
        "与 DeclaredCustomsValueAmount 不一致：申报金额存疑"
    ),
    "counts what is outstanding in another unit than what is delivered": "未交数量与已交数量的单位不同",
    # UN/EDIFACT
    "is not followed by BGM": "其后没有 BGM",
    "has the function {} (UN/EDIFACT 1225): it is no despatch advice that stands": (
        "功能代码为 {}（UN/EDIFACT 1225）：不是有效的发货通知"
    ),
    "has the function {} (UN/EDIFACT 1225): it is no invoice that stands": (
        "功能代码为 {}（UN/EDIFACT 1225）：不是有效的发票"
    ),
    "has more than {} packages": "超过 {} 个附带文件",
    "has not the length that it states": "长度与其声明的不符",
    "is in a character set that is not read ({})": "字符集不受理（{}）",
    "has separators (UNA) that are no separators": "分隔符（UNA）无效",
    "holds characters that are none": "含有无效字符",
    "has more than {} segments": "超过 {} 个段",
    "has more than {} values": "超过 {} 个值",
    "breaks off within a segment": "在段中间中断",
    "has a segment without a tag": "有没有标识的段",
    "has no message (UNH)": "没有报文（UNH）",
    "is of a message that is not read here ({})": "属于不受理的报文（{}）",
    "begins a message that breaks off: there is no UNT": "开始的报文不完整：没有 UNT",
    # customs' forms and messages, 数电票
    "no goods are found: no line has 项号 and 商品编号": "没有货物：没有一行同时有项号和商品编号",
    "is no 项号": "不是项号",
    "stands under 商品编号 of one item as a second line": "作为第二行列于一项的商品编号之下",
    "商品名称 is not found": "没有商品名称",
    "the column 数量及单位 is not found": "没有数量及单位一列",
    "数量及单位 has {} lines, not one to three": "数量及单位有 {} 行，应为一至三行",
    "海关编号 is not found, or has no number: customs has not taken this form yet": "没有海关编号：海关尚未接受此单",
    "{} is not found": "没有{}",
    "项号 is {} where {} is expected": "项号为 {}，应为 {}",
    "页码/页数 is not found, and its 海关编号 stands on another page, too": "没有页码/页数，且其海关编号也出现在另一页",
    "is page {} of a form of which the file has {}, in this order": "是表格的第 {} 页，而文件依次有 {}",
    "单价, 总价 or 币制 has more than one line": "单价、总价或币制多于一行",
    "{} is no number": "{} 不是数字",
    "{} is another than on the first page": "{} 与首页不同",
    "is no quantity with its unit": "不是带单位的数量",
    "has {} titles {}, not one": "有 {} 个标题{}，应为一个",
    "the line of columns (项号, 商品编号, ...) is not found": "没有列名行（项号、商品编号……）",
    "{} stands twice": "{} 出现两次",
    "{} stands twice, with two values": "{} 出现两次且值不同",
    "the column {} is not found": "没有列 {}",
    "stands over the first line that has 项号 and 商品编号": "位于首个有项号和商品编号的行之上",
    "{} stands under no single name of the form": "{} 不在表格的任何一个栏目之下",
    "stands left of {}, under no name of the form": "位于 {} 左侧，不在任何栏目之下",
    "{} stands under more than one name of the form": "{} 位于不止一个栏目之下",
    "is of no export: its IEFlag is {}, not E": "不是出口：IEFlag 为 {}，而非 E",
    "has no EntryId: customs has not given this declaration a number (报关单号) yet": "没有 EntryId：海关尚未给号",
    "has more than {} lines of goods": "货物超过 {} 行",
    "has one number in Header/EIid and another in TaxSupervisionInfo/InvoiceNumber": (
        "Header/EIid 与 TaxSupervisionInfo/InvoiceNumber 的号码不同"
    ),
    "is a Chinese taxpayer's: this is a domestic invoice (内销), no claim on a buyer abroad": (
        "属于境内纳税人：这是内销发票，不是对境外买方的债权"
    ),
    "has no SellerIdNum that is a USCC: an exporter has one": "SellerIdNum 不是统一社会信用代码：出口商应有此代码",
    "is another than the exporter: this is no invoice of its own sales": "不是该出口商：这不是其自身销售的发票",
    "is not 0: exports are invoiced without tax (零税率, 免税)": "不为 0：出口发票应为零税率或免税",
    "is below zero: a red invoice (红字) is not read": "小于零：不受理红字发票",
    # JSON
    "{} is no number of JSON": "{} 不是 JSON 数字",
    "it has the name {} twice in one object": "同一对象中名称 {} 出现两次",
    "it is neither a document nor a list of documents": "既非单据也非单据列表",
    "an entry of the list is not a document": "列表中有一项不是单据",
    "it breaks off or is malformed at line {}, column {}": "在第 {} 行第 {} 列中断或格式错误",
    "it is nested too deeply": "嵌套过深",
    "it holds a number that is too long": "有过长的数字",
    # SWIFT
    "has no field :{}:": "没有字段 :{}:",
    "is longer than {} characters": "超过 {} 个字符",
    "amends a credit that has more than {} amendments": "所修改的信用证已有超过 {} 次修改",
    "makes a credit of more than {} items": "使信用证超过 {} 项",
    "is in another currency than the credit": "币种与信用证不同",
    "takes more away than the credit is for": "减额超过信用证金额",
    "is no number of an amendment": "不是修改次数",
    "is amendment {}, and {} has been read before it": "为第 {} 次修改，而此前已读到第 {} 次",
    "opens letter of credit {} a second time": "再次开立信用证 {}",
    "is no currency and amount such as USD1000,00": "不是 USD1000,00 形式的币种和金额",
    "is none of ALLOWED, NOT ALLOWED and CONDITIONAL": "不是 ALLOWED、NOT ALLOWED 或 CONDITIONAL",
    "is no tolerance such as 05/05": "不是 05/05 形式的溢短装",
    "is no date, currency and amount such as 260302USD1000,00": "不是 260302USD1000,00 形式的日期、币种和金额",
    "has no account": "没有账号",
    "is no rate above zero": "不是大于零的汇率",
    "the file has no SWIFT field": "文件没有 SWIFT 字段",
    "has an entry date that is not of the calendar: {}": "记账日期不存在：{}",
    "is no balance such as C260302USD1000,00": "不是 C260302USD1000,00 形式的余额",
    "is no statement line such as 2603020302C1000,00NTRFREFERENCE//BANKREF": (
        "不是 2603020302C1000,00NTRFREFERENCE//BANKREF 形式的对账行"
    ),
    "is in another currency than the balance, which is in {}": "币种与余额不同，余额为 {}",
    "has no date of six digits: {}": "没有六位数字的日期：{}",
    "has more decimals than {}, or a mark between thousands: {}": "小数位多于 {} 所允许的，或用了千位分隔符：{}",
    "has no amount such as 1000,00": "没有 1000,00 形式的金额",
    "has a date that is not of the calendar: {}": "日期不存在：{}",
    "amendments {} are in the file, and not those between and before them": "有第 {} 次修改，缺少其间或之前的修改",
    "says that the credit has {} messages; {} are in the file": "信用证共 {} 份报文；文件中有 {} 份",
    "is an MT{} on a letter of credit that the file does not open: send it with its MT700": (
        "是 MT{}，而文件中没有其信用证的开立：请与 MT700 一并发送"
    ),
    "is an MT708 that continues no amendment of the file: send it with its MT707": (
        "是 MT708，而文件中没有其所续的修改：请与 MT707 一并发送"
    ),
    "says how many messages this amendment has, and not all of them are here": "载明此次修改的报文份数，而文件中不全",
    "is not what the first balance and the entries make": "与期初余额及各笔之和不符",
    # tables
    "is below zero twice: by its sign and by what stands around it": "两次表示为负：符号和括号",
    "says {} of its number, which is not understood here": "数字旁写有 {}，无法识别",
    "is in {} by its column and in {} by itself": "按列为 {}，按其自身为 {}",
    "is said to be {}, which a quantity or weight is not in": "标为 {}，不是数量或重量的单位",
    "is said to be in {}, which is no unit of {}": "标为 {}，不是 {} 的单位",
    "counts in {}, but its unit is {}": "按 {} 计，但单位为 {}",
    "is said to be in {}, but the currency beside it is {}": "标为 {}，但旁边的币种为 {}",
    "is said to be in {}, which may be any of {}": "标为 {}，可能是 {} 中的任一种",
    "is said to be {}, which an amount is not in": "标为 {}，不是金额的单位",
    "is a rate, not an amount": "是比率，不是金额",
    "is said to be {}, which is not the transaction mode": "标为 {}，与成交方式不符",
    "is a rate, not a price": "是比率，不是价格",
    "has a column that says it is in another currency than {}": "列名标示的币种不是 {}",
    "is for each {}, but the line counts in {}": "按每 {} 计价，但该行按 {} 计数",
    "is for another unit than the line's, and no exact price for one of those": "计价单位与该行不同，且无法精确换算",
    "names a currency that is unknown or not the one beside it": "所标币种未知，或与旁边的不同",
    "is in {} by its column of units, which is unknown or another than here": "按单位列为 {}，未知或与此处不同",
    "counts in {}, and its unit {} does so again": "按 {} 计，而单位 {} 重复计数",
    "is a rate by its %, and another by its mark": "百分号表示一种比率，标记表示另一种",
    "has the mark {}, but its column of marks says {}": "标记为 {}，但标记列为 {}",
    "is a date, not a number of a paper; format the column as text and enter it again": (
        "是日期而非单据编号；请将该列设为文本后重新填写"
    ),
    "is not a date such as 2026-01-05, 20260105, 2026/1/5, 5 Jan 2026 or 2026年1月5日": (
        "不是日期，例如 2026-01-05、20260105、2026/1/5、5 Jan 2026 或 2026年1月5日"
    ),
    "is no code or name that is known": "不是已知的代码或名称",
    "is not an HS code of 6, 8, 10 or 13 digits": "不是 6、8、10 或 13 位的商品编码",
    "is not a unified social credit code (18 characters, GB 32100-2015)": "不是统一社会信用代码（18 位）",
    "both name {}": "都表示 {}",
    "is refused: it has more than {} sheets": "不予受理：工作表超过 {} 张",
    "is beyond {} columns": "超过 {} 列",
    "is refused: it has more than {} cells": "不予受理：单元格超过 {} 个",
    "is refused: it has more than {} cells; save it as .xlsx": "不予受理：单元格超过 {} 个；请另存为 .xlsx",
    "is refused: it has more than {} rows": "不予受理：超过 {} 行",
    "is refused: it has more than {} tags": "不予受理：标签超过 {} 个",
    "is refused: it has a tag that is longer than tags are": "不予受理：有过长的标签",
    "is refused: a cell has more than {} characters": "不予受理：有单元格超过 {} 个字符",
    "is refused: it has more than {} tables within tables": "不予受理：嵌套表格超过 {} 层",
    "is an OpenDocument file without a spreadsheet": "是没有电子表格的 OpenDocument 文件",
    "is refused: it has more than {} parts": "不予受理：超过 {} 个部件",
    "is not a spreadsheet: it has no content.xml": "不是电子表格：没有 content.xml",
    "is refused: it unpacks to more than {} MiB": "不予受理：解压后超过 {} MiB",
    "is refused: it is packed more tightly than real tables are": "不予受理：压缩率超出正常表格",
    "has a count of repeated cells that is none": "重复单元格的计数无效",
    "holds the error {}": "含有错误值 {}",
    "is not a spreadsheet: the archive is damaged or encrypted": "不是电子表格：压缩包已损坏或加密",
    "is a date that {}": "日期{}",
    "is a number without its value": "是没有值的数字",
    "has rows or cells out of order": "行或单元格顺序有误",
    "holds a formula that was not computed": "含有未计算的公式",
    "holds a formula that was not computed; open the workbook, save it, and send it again": (
        "含有未计算的公式；请打开工作簿、保存后重新发送"
    ),
    "is refused: an .xls of more than {} MiB; save it as .xlsx": "不予受理：.xls 超过 {} MiB；请另存为 .xlsx",
    "holds an error in place of a value": "含有错误值",
    "{} ({}); save it again as .xlsx": "{}（{}）；请另存为 .xlsx",
    "has no header row with the number of a paper, one of {}, and the columns of its goods among its first {} rows": (
        "前 {1} 行中没有含单据编号（{0} 之一）和货物各列的表头"
    ),
    "has a header row but no papers": "有表头但没有单据",
    "a paper stands on two sheets; keep its rows on one": "一份单据分列于两张工作表；请放在同一张",
    "has no column {} ({})": "没有列 {}（{}）",
    "has more than {} rows": "超过 {} 行",
    "has more than {} cells": "单元格超过 {} 个",
    "has more than {} cells, empty ones between others included": "单元格超过 {} 个（含其间的空格）",
    "is not a CSV: {}": "不是 CSV：{}",
    "has more than {} columns": "超过 {} 列",
    "has a row of more than {} characters": "有一行超过 {} 个字符",
    "is a damaged workbook ({}); save it again as .xlsx": "工作簿已损坏（{}）；请另存为 .xlsx",
    "is refused: the workbook has more than {} parts": "不予受理：工作簿超过 {} 个部件",
    "is refused: the workbook has two parts of one name": "不予受理：工作簿有同名部件",
    "is refused: the workbook unpacks to more than {} bytes": "不予受理：工作簿解压后超过 {} 字节",
    "is refused: the workbook is not at {}": "不予受理：工作簿不在 {}",
    "is refused: the workbook has more than {} sheets": "不予受理：工作表超过 {} 张",
    "is refused: styles, names and other parts of the workbook have more than {} tags": (
        "不予受理：工作簿的样式、名称等部件标签超过 {} 个"
    ),
    "is not a workbook: the archive is damaged": "不是工作簿：压缩包已损坏",
    "is refused: a part of the workbook is packed more tightly than real tables are": (
        "不予受理：工作簿有部件的压缩率超出正常表格"
    ),
    "is refused: a part of the workbook is used twice": "不予受理：工作簿有部件被重复使用",
    "is refused: the parts of the workbook are not where they should be": "不予受理：工作簿的部件位置有误",
    "is not a workbook: it has no {}": "不是工作簿：没有 {}",
    "has lines in {}": "有 {} 的行",
    "is no number of a Chinese export declaration (18 digits, the ninth of them 0)": (
        "不是出口报关单号（18 位数字，第九位为 0）"
    ),
    "says {} and {} of its numbers": "数字旁写有 {} 和 {}",
    "says {} of its numbers, which is not understood here": "数字旁写有 {}，无法识别",
    "says {} of its numbers, which is not understood here; name what they count in otherwise": (
        "数字旁写有 {}，无法识别；请以其他方式载明单位"
    ),
    "says {} of the numbers below it, which is not understood here": "对其下数字写有 {}，无法识别",
    "is short of a digit: a spreadsheet takes the zeros before a number away; format the column as text and write: "
    "0{}": ("少一位：电子表格会去掉数字前的零；请将该列设为文本并写作 0{}"),
    "is stored as a number with a point, of which spreadsheets drop the last zeros; format the column as text and enter"
    " it again": "以带小数点的数值存储，电子表格会去掉末尾的零；请将该列设为文本后重新填写",
    "may be thousands or decimals: files with semicolons come from countries that write 1.234,5, and no other number"
    " here tells; write two decimals, or none and no mark": (
        "可能是千位分隔符，也可能是小数点：以分号分隔的文件多来自写作 1.234,5 的国家，其他数字亦无法说明；"
        "请写两位小数，或既不写小数也不写分隔符"
    ),
    "may sum up the rows above, or be taken off them: call it TOTAL, or give the amount a column of its own; goods have"
    " a price": "可能是以上各行的合计或扣减项：请写作“合计”，或将该金额另列一栏；商品行应有单价",
    "stands beside a total of the goods, and no other total tells whether it is in it or comes on top: put a row TOTAL"
    " below it": "与货物合计并列，但没有其他合计说明其已含在内还是另加：请在其下写一行“合计”",
    "is another type of invoice than the title says": "与标题所示的发票类型不同",
    "is the title of another type of invoice than is said elsewhere": "此标题所示的发票类型与他处不同",
    "says that the paper is a draft or cancelled: send the one that stands": (
        "写明该单据为草稿或已作废：请提供有效的单据"
    ),
    "is another header: give each table a sheet of its own": "是另一个表头：请为每张表格单独使用一个工作表",
    "says {} of the numbers above it: say so over the table or in its header": (
        "对其上数字写有 {}：请写在表格上方或列名中"
    ),
    "is a number to which the cell's format adds zeros or words; format the column as text and enter what it shows": (
        "是数值，单元格格式另加了零或文字；请将该列设为文本，按所显示的内容填写"
    ),
    "is said to be {}, a scale without a unit of {}": "写有 {}，只有倍数，没有{}单位",
    "is in {}, and has more decimals in {} than papers keep; state it in that": (
        "以 {} 计，换算为 {} 后小数位过多；请直接以后者填写"
    ),
    "{} stands left of {}, under no name": "{} 位于 {} 左侧，不在任何栏目之下",
    "is said to be in {} and in {} over the table": "表格上方既写有 {}，又写有 {}",
    "is hidden, and has goods: show the row, or delete it": "为隐藏行，却有商品：请取消隐藏，或删除该行",
    "is hidden, and no other holds a paper: show it, or send it alone": (
        "为隐藏工作表，且其他工作表没有单据：请取消隐藏，或单独发送"
    ),
    "a file that is packed into an interchange is not read": "交换文件中附带的文件不读取",
    "{} letters are not of the character set that it declares ({})": "{} 个字符与其声明的字符集（{}）不符",
    "is hidden, and has values of the paper: show the column, or delete it": (
        "为隐藏列，却有单据的值：请取消隐藏，或删除该列"
    ),
    "数量及单位: by 单价 and 总价 the deal's quantity stands among the words of the goods": (
        "数量及单位：按单价和总价，成交数量写在商品名称或规格中"
    ),
    "is hidden, and says something of the paper: show its row and column, or delete it": (
        "已隐藏，却有单据的内容：请取消该行该列的隐藏，或删除"
    ),
    "is hidden: show its row and column, or delete it": "已隐藏：请取消该行该列的隐藏，或删除",
    "is merged with the rows below it, to row {}: give each row of goods its own value": (
        "与下方各行合并（至第 {} 行）：请为每行商品分别填写"
    ),
    "is refused: it has more than {} merged cells": "不予受理：合并单元格超过 {} 个",
    "is in {}, and another sum of the statement in {}": "币种为 {}，而对账单另一余额为 {}",
    "{} is not found where the layout has it, beside {}": "未在版式规定处找到 {}（应与 {} 同行）",
    "{} goes on over a line of the form": "{} 越过表格线",
    "{} has {}, and it is not certain that they are its one value": "{} 栏有 {}，不能确定为同一个值",
    "{} has a code, and no value": "{} 有代码而无内容",
    "{} has no value": "{} 未填写",
    "{} does not begin in the first line of its goods": "{} 不在该项商品的首行",
    "{} stand in one column of one line, which is not certain": "{} 位于同一行同一栏，不能确定",
    "{} is a number on two lines: where it is cut is not certain": "{} 编号分为两行，不能确定在何处断开",
    "{} letters are in an encoding that the file does not name; ask the bank for UTF-8": (
        "{} 个字符的编码未在文件中载明；请向银行索取 UTF-8 文件"
    ),
    "{} has values in {}, not one": "{} 在 {} 有多个值",
    "单价/总价/币制 has {} lines, not three": "单价/总价/币制有 {} 行，应为三行",
    "数量及单位: by 单价 and 总价 the deal is in another line than the last, where the layout has it": (
        "数量及单位：按单价和总价，成交数量不在版式规定的末行"
    ),
    # watch lists
    "is no watch list: a CSV has a first line with the column 名称 or name": "不是监控名单：CSV 首行须有名称或 name 列",
    "is no watch list: known are the UN's, OFAC's advanced and the EU's XML, and CSV": (
        "不是监控名单：受理联合国、OFAC（advanced）和欧盟的 XML，以及 CSV"
    ),
    "holds no entry": "没有条目",
    "has no column of names (名称, name)": "没有名称列（名称、name）",
    "is no CSV: a quotation mark is not closed, or a row is too long": "不是 CSV：引号未闭合，或一行过长",
    "has more than {} entries": "超过 {} 条",
    # XML
    "elements are nested more than {} deep": "元素嵌套超过 {} 层",
    "an entry has more than {} elements": "一个条目超过 {} 个元素",
    "it has more than {} elements": "超过 {} 个元素",
    "it has no element": "没有元素",
    "it declares a document type or an entity; send it without <!DOCTYPE>": (
        "声明了文档类型或实体；请去除 <!DOCTYPE> 后发送"
    ),
    "it is not well-formed at line {}, column {}": "在第 {} 行第 {} 列格式错误",
    "its encoding is not the declared one, or not one that can be read": "编码与声明不符，或无法读取",
    "its bytes are not in the encoding that it declares ({})": "字节与其声明的编码（{}）不符",
    "a tag or a comment has more than {} bytes": "标签或注释超过 {} 字节",
    "is not of the calendar": "不存在",
}
