"""Codes of the customs declaration form and their names: status, modes, currencies, countries.

Codes are those of China Customs' tables (`facts`); names of countries are those of ISO 3166 in Chinese, from
pycountry's translations, with the customs' short names beside them.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Final, TypeVar

import pycountry

from eximledger.formats.tables.facts import (
    CUSTOMS_COUNTRIES,
    CUSTOMS_CURRENCIES,
    SUPERVISION_MODES,
    TRANSACTION_MODES,
    TRANSPORT_MODES,
)
from eximledger.formats.text.values import country_of, currency_of, port_of, unique
from eximledger_chaincode.documents import DeclarationStatus

__all__ = [
    "CURRENCIES",
    "CURRENCY_WORDS",
    "INVOICE_TYPES",
    "country",
    "currency",
    "invoice_type",
    "port",
    "status",
    "supervision_mode",
    "transaction_mode",
    "transport_mode",
]

T = TypeVar("T", bound=Hashable)

_STATUS: Final = {
    DeclarationStatus.DECLARED: (
        "declared 申报 已申报 申报成功 审单 审结 海关审结 接单 通关无纸化审结 accepted submitted"
    ),
    DeclarationStatus.RELEASED: "released 放行 已放行 海关放行 查验放行 通关无纸化放行",
    DeclarationStatus.SETTLED: "settled 结关 已结关 海关结关 cleared closed",
    DeclarationStatus.AMENDED: "amended 改单 已改单 修改 已修改 改单完成 modified",
    DeclarationStatus.CANCELLED: "cancelled canceled 撤单 已撤单 撤销 已撤销 删单 已删单 退单 revoked withdrawn",
}
_CURRENCIES: Final = {
    "USD": "美元 美金",
    "CNY": "人民币 人民币元 RMB",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元 日本元",
    "HKD": "港币 港元",
    "KRW": "韩元 韩国元 韩国圆",
    "AUD": "澳大利亚元 澳元",
    "CAD": "加拿大元 加元",
    "SGD": "新加坡元 新元",
    "CHF": "瑞士法郎",
    "RUB": "卢布 俄罗斯卢布",
    "THB": "泰国铢 泰铢",
    "MYR": "林吉特 马来西亚林吉特",
    "NZD": "新西兰元",
    "SEK": "瑞典克朗",
    "NOK": "挪威克朗",
    "DKK": "丹麦克朗",
    "MOP": "澳门元",
    "TWD": "新台币 台币 台湾元",
    "INR": "印度卢比",
    "IDR": "印度尼西亚卢比 印尼盾",
    "PHP": "菲律宾比索",
    "VND": "越南盾",
    "AED": "阿联酋迪拉姆",
    "SAR": "沙特里亚尔",
    "ZAR": "南非兰特",
    "TRY": "土耳其里拉",
    "BRL": "巴西雷亚尔",
    "MXN": "墨西哥比索",
    "KZT": "哈萨克斯坦坚戈",
    "PKR": "巴基斯坦卢比",
    "EGP": "埃及镑",
}
_COUNTRIES: Final = {
    "CN": "中国 中华人民共和国",
    "US": "美国 美利坚合众国",
    "GB": "英国",
    "KR": "韩国",
    "KP": "朝鲜",
    "RU": "俄罗斯 俄罗斯联邦",
    "HK": "香港 中国香港",
    "MO": "澳门 中国澳门",
    "TW": "台湾 中国台湾 台澎金马关税区 台湾省",
    "VN": "越南",
    "LA": "老挝",
    "IR": "伊朗",
    "SY": "叙利亚",
    "AE": "阿联酋 阿拉伯联合酋长国",
    "SA": "沙特阿拉伯 沙特",
    "CZ": "捷克 捷克共和国",
    "DO": "多米尼加共和国",
    "CD": "刚果(金) 刚果民主共和国",
    "CG": "刚果(布)",
    "BA": "波黑",
    "MK": "北马其顿 马其顿",
    "TZ": "坦桑尼亚",
    "VE": "委内瑞拉",
    "BO": "玻利维亚",
    "MD": "摩尔多瓦",
    "NL": "荷兰",
    "DE": "德国",
    "FR": "法国",
    "JP": "日本",
    "MM": "缅甸",
    "NZ": "新西兰",
    "PG": "巴布亚新几内亚",
    "BN": "文莱",
    "CI": "科特迪瓦",
}
_INVOICES: Final = {
    "380": "商业发票 发票 commercial invoice",
    "325": "形式发票 proforma invoice",
    "381": "贷项通知单 贷记通知单 红字发票 credit note",
    "383": "借项通知单 借记通知单 debit note",
    "386": "预付款发票 prepayment invoice",
}
_LONGEST_NAME: Final = 100
_PORT_NAMES: Final = frozenset(
    ["TOKYO", "MACAO", "GENOA", "LAGOS", "PARIS", "MALMO", "CAIRO", "ADANA", "SALEM", "LOMAS", "MARIA"]
)
"""Names that look like a UN/LOCODE."""


def _compared(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def _table(codes: dict[T, str]) -> dict[str, T]:
    found = {_compared(name): code for code, names in codes.items() for name in names.split()}
    return found | {_compared(names): code for code, names in codes.items()}


def _either(text: str, known: Callable[[str], T | None]) -> T | None:
    """What the text means as a whole, or in one of its parts: `3`, `FOB`, `FOB(3)`, `3-FOB`, `(USA)美国`."""
    whole = unicodedata.normalize("NFKC", text).strip()
    if len(whole) > _LONGEST_NAME:
        return None
    parts = [whole, *re.split(r"[()\[\]/|:;,\s\-]+", whole), *re.findall(r"[\u4e00-\u9fff]+|[A-Za-z0-9&]+", whole)]
    meanings = unique([meaning for part in parts if part and (meaning := known(part)) is not None])
    return meanings[0] if meanings and (len(meanings) == 1 or known(whole) is not None) else None


_STATUS_NAMES: Final = _table(_STATUS)
_TRANSACTION_NAMES: Final = _table(TRANSACTION_MODES) | {code: code for code in TRANSACTION_MODES}
_TRANSPORT_NAMES: Final = _table(TRANSPORT_MODES) | {code.casefold(): code for code in TRANSPORT_MODES}
_SUPERVISION_NAMES: Final = _table(SUPERVISION_MODES)
CURRENCY_WORDS: Final = _table(_CURRENCIES)
"""Names of currencies, compared, by their codes."""
_COUNTRY_NAMES: Final = _table(_COUNTRIES)
_INVOICE_NAMES: Final = _table(_INVOICES) | {
    "invoice": "380", "commercialinvoice": "380", "proformainvoice": "325", "creditnote": "381", "debitnote": "383",
    "prepaymentinvoice": "386",
}  # fmt: skip
CURRENCIES: Final = tuple(sorted(_CURRENCIES))
"""Those with a name in Chinese here; any other of ISO 4217 is read, too."""
INVOICE_TYPES: Final = _INVOICES
"""UN/EDIFACT 1001, and names."""


def status(text: str) -> DeclarationStatus | None:
    return _either(text, lambda part: _STATUS_NAMES.get(_compared(part)))


def transaction_mode(text: str) -> str | None:
    return _either(text, lambda part: _TRANSACTION_NAMES.get(_compared(part)))


def transport_mode(text: str) -> str | None:
    return _either(text, lambda part: _TRANSPORT_NAMES.get(_compared(part)))


def supervision_mode(text: str) -> str | None:
    def known(part: str) -> str | None:
        return part if re.fullmatch(r"[0-9]{4}", part) else _SUPERVISION_NAMES.get(_compared(part))

    return _either(text, known)


def invoice_type(text: str) -> str | None:
    """UN/EDIFACT 1001 of an invoice, or what it is called."""
    return _either(text, lambda part: part if part in _INVOICES else _INVOICE_NAMES.get(_compared(part)))


def currency(text: str) -> str | None:
    def known(part: str) -> str | None:
        return CURRENCY_WORDS.get(_compared(part)) or CUSTOMS_CURRENCIES.get(part) or currency_of(part)

    return _either(text, known)


def port(text: str) -> str | None:
    """A port's code; names alone are not known here."""
    return _either(text, lambda part: None if part.upper() in _PORT_NAMES else port_of(part))


@lru_cache(maxsize=1)
def _chinese_names() -> dict[str, str]:
    translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True)
    return {_compared(translation.gettext(entry.name)): entry.alpha_2 for entry in pycountry.countries}


def country(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a code (two or three letters, or customs' old digits) or a name in Chinese or English."""
    return _either(text, _country_part)


def _country_part(part: str) -> str | None:
    if part.isdigit():
        return CUSTOMS_COUNTRIES.get(part)
    name = _compared(part)
    found = _COUNTRY_NAMES.get(name) or _chinese_names().get(name)
    if found is not None or not part.isascii():
        return found
    if len(part) <= 3:
        return country_of(part) if part.isupper() else None
    try:
        return str(pycountry.countries.lookup(part).alpha_2)
    except LookupError:
        return None
