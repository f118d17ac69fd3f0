"""The Chinese of what a field's checker says: those of papers and steps, and pydantic's own.

Each stands behind the field that it is about, which is said by its Chinese name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CHECKS"]

CHECKS: Final[Mapping[str, str]] = {
    # pydantic's
    "Field required": "必填",
    "Extra inputs are not permitted": "没有此项",
    "Value error, {}": "{}",
    "Input should be a valid string": "须为文本",
    "Input should be a valid integer": "须为整数",
    "Input should be a valid integer, {}": "须为整数",
    "Input should be a valid number": "须为数字",
    "Input should be a valid number, {}": "须为数字",
    "Input should be a valid decimal": "须为十进制数",
    "Decimal input should be an integer, float, string or Decimal object": "须为十进制数",
    "Input should be a valid boolean": "须为 true 或 false",
    "Input should be a valid boolean, {}": "须为 true 或 false",
    "Input should be a valid date": "须为日期",
    "Input should be a valid date or datetime, {}": "须为日期",
    "Input should be a valid date in the format YYYY-MM-DD, {}": "须为日期（YYYY-MM-DD）",
    "Input should be a valid datetime": "须为日期时间",
    "Input should be a valid datetime, {}": "须为日期时间",
    "Input should have timezone info": "须含时区",
    "Input should be a valid list": "须为列表",
    "Input should be a valid tuple": "须为列表",
    "Input should be a valid dictionary": "须为对象",
    "Input should be a valid dictionary or instance of {}": "须为对象",
    "Input should be an object": "须为对象",
    "Input should be None": "须为空",
    "Input should be {}": "须为 {}",
    "Input should be greater than {}": "须大于 {}",
    "Input should be greater than or equal to {}": "须不小于 {}",
    "Input should be less than {}": "须小于 {}",
    "Input should be less than or equal to {}": "须不大于 {}",
    "Input should be a finite number": "须为有限数字",
    "String should have at least {} character": "至少 {} 个字符",
    "String should have at least {} characters": "至少 {} 个字符",
    "String should have at most {} character": "至多 {} 个字符",
    "String should have at most {} characters": "至多 {} 个字符",
    "String should match pattern '{}'": "格式须为 {}",
    "Decimal input should have no more than {} digit in total": "总位数至多 {} 位",
    "Decimal input should have no more than {} digits in total": "总位数至多 {} 位",
    "Decimal input should have no more than {} decimal place": "小数至多 {} 位",
    "Decimal input should have no more than {} decimal places": "小数至多 {} 位",
    "Decimal input should have no more than {} digit before the decimal point": "小数点前至多 {} 位",
    "Decimal input should have no more than {} digits before the decimal point": "小数点前至多 {} 位",
    "{} should have at least {} item after validation, not {}": "至少 {1} 项，而非 {2} 项",
    "{} should have at least {} items after validation, not {}": "至少 {1} 项，而非 {2} 项",
    "{} should have at most {} item after validation, not {}": "至多 {1} 项，而非 {2} 项",
    "{} should have at most {} items after validation, not {}": "至多 {1} 项，而非 {2} 项",
    "Unable to extract tag using discriminator {}": "缺少 {}",
    "Input tag '{}' found using {} does not match any of the expected tags: {}": "{0} 不在下列各值之中：{2}",
    "Invalid JSON: {}": "不是有效的 JSON：{}",
    "JSON input should be string, bytes or bytearray": "须为 JSON 文本",
    # members
    "a bank does not vouch for those whose consent it needs": "银行不得为须经其授权的出口商作证",
    "a certificate is named twice": "证书重复",
    # applications
    "more than zero is occupied": "占用须大于零",
    "an applicant is named by its USCC": "申请人须以统一社会信用代码载明",
    "a loan is of more than zero": "贷款金额须大于零",
    "a loan matures after it is applied for": "到期日须在申请日之后",
    "a declaration is named twice": "报关单重复",
    "before shipment a loan is on contracts or letters of credit, and on no declaration": (
        "装运前贷款须依据合同或信用证，而非报关单"
    ),
    "after shipment a loan is on at least one declaration, and on no frame": (
        "装运后贷款须依据至少一份报关单，而非合同或信用证"
    ),
    "a contract or letter of credit is named twice": "合同或信用证重复",
    "each is one of the papers that {} names": "须为 {} 所列单据之一",
    # papers
    "a file of this type is not attached: {} are": "不能附加此类文件：可附 {}",
    "the period ends before it begins": "期间的结束早于开始",
    "a quota is not below zero": "额度不得小于零",
    "digit 9 of an export declaration's number is 0": "出口报关单号第 9 位应为 0",
    "an export declaration names its exporter by USCC": "出口报关单须以统一社会信用代码载明出口商",
    "all amounts of a declaration are in one currency": "报关单各金额须为同一币种",
    "{} is declared as an amount or as a rate, not both": "{} 以金额或比率之一申报，不得两者兼有",
    "a total of twelve months is not below zero": "十二个月合计不得小于零",
    "the rate is one of twelve months": "比率须为十二个月",
    "the four totals are in one currency": "四项合计须为同一币种",
    "every amount of this invoice must be in {}": "本发票各金额须为 {}",
    "what is payable and what is prepaid are more than an amount can be": "应付金额与预付金额之和超出金额上限",
    "a credit is for nothing less than zero": "信用证金额不得小于零",
    "a credit does not expire before it is issued": "信用证到期日不得早于开证日",
    "each stands once, in the order of their numbers": "每次修改只列一次，按次序排列",
    "write a day as 2026-12-31": "日期请写作 2026-12-31",
    "write a time as 2026-12-31T23:59:59Z, with its offset from UTC": "时间请写作 2026-12-31T23:59:59Z，并含时差",
    "write a schema version as a whole number": "模式版本须为整数",
    "a port is a UN/LOCODE (CNSHA), a customs office (2248) or a customs port code (USA309)": (
        "港口须为 UN/LOCODE（CNSHA）、海关关区代码（2248）或海关港口代码（USA309）"
    ),
    "a customs declaration number has 18 digits, not {}": "报关单号应为 18 位数字，而非 {}",
    "digits 5 to 8 of a customs declaration number are its year, not {}": "报关单号第 5 至 8 位为年份，而非 {}",
    "digit 9 of a customs declaration number is 0 (export) or 1 (import), not {}": (
        "报关单号第 9 位为 0（出口）或 1（进口），而非 {}"
    ),
    "a customs declaration number names a customs office (digits 1 to 4) and a serial (10 to 18)": (
        "报关单号含关区代码（第 1 至 4 位）和流水号（第 10 至 18 位）"
    ),
    "{} is not an ISO 3166 country code": "{} 不是 ISO 3166 国家代码",
    "a container number is an owner code, a category letter and seven digits (ISO 6346)": (
        "集装箱号由箱主代码、类别字母和七位数字组成（ISO 6346）"
    ),
    "container number {} has a wrong check digit (ISO 6346)": "集装箱号 {} 的校验位有误（ISO 6346）",
    "an IMO ship number has seven digits": "IMO 船舶编号为七位数字",
    "not a unified social credit code (18 characters, GB 32100-2015): {}": (
        "不是统一社会信用代码（18 位，GB 32100-2015）：{}"
    ),
    "{} is not an ISO 4217 currency code": "{} 不是 ISO 4217 币种代码",
    "write a decimal as text or as a whole number: a float is not exact": "小数请写作文本或整数：浮点数不精确",
    "write a decimal in plain digits": "小数请以普通数字书写",
    "{} has {} decimals; the amount has more": "{} 有 {} 位小数；金额的小数位过多",
    "{} decimals are too many": "小数位过多（{} 位）",
    "cannot combine {} with {}": "不能合并 {} 与 {}",
    "write the days of the year as a whole number: 360 or 365": "年天数须为整数：360 或 365",
    "{} is no quarter: write 2026-Q1": "{} 不是季度：请写作 2026-Q1",
    "a band is for the base unit of its dimension": "区间须以该量纲的基本单位计",
    "{} significant digits are published, not more": "至多公布 {} 位有效数字",
    "{} digits after the point are published, not more": "小数点后至多公布 {} 位",
    "there are no more than declarations": "不得多于报关单数",
    "a reference rate prices a foreign currency in CNY": "参考汇率须以人民币标价外币",
    "an internal list is a bank's own (own-watch-list)": "内部名单为银行自有名单（own-watch-list）",
    "a receipt is a credit of more than zero": "收汇金额须大于零",
    "a receipt has a booking date or a value date": "收汇须有记账日或起息日",
    "what is allocated is more than zero": "分配金额须大于零",
    "a receipt is allocated in one currency": "收汇须以同一币种分配",
    "a receipt is allocated in the currency credited or instructed": "收汇须以入账或指示币种分配",
    "more is allocated than was received": "分配金额超过收汇金额",
    # authorisations, lists, steps
    "write it on one line, without characters that cannot be seen": "请写在一行，且不含不可见字符",
    "write the number without full-width characters and with single spaces": "编号不得含全角字符或连续空格",
    "name each once, in alphabetical order": "每项只列一次，按字母次序",
    "an authorisation holds for {} days at most": "授权书至多 {} 天有效",
    "{} is not in its canonical form: write the paper with `eximledger exporter`": (
        "{} 不是规范格式：请用 eximledger exporter 书写"
    ),
    "a signature is written in base64, in the one way there is": "签名须以规范的 base64 书写",
    "a bucket's postings are in order, each once": "索引条目须按序且不重复",
    "more than zero is paid": "支付金额须大于零",
    "{}: {} has {}": "{}：{}须有{}",
    "{}: {} has {} and nothing else": "{}：{}仅须有{}",
    "what is repaid out of a receipt is the buyer's money": "以收汇归还的须为买方资金",
    "a condition is met by one paper": "一项条件由一份文件落实",
    "{} is more than zero": "{}须大于零",
    "{} does not give {}": "{} 不等于 {}",
}
