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
from eximledger.formats.text.ports import port_in
from eximledger.formats.text.values import country_of, currency_of, unique
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
    "USD": "美元 美金 us$ usd$ u.s.$ usdollar usdollars u.s.dollar u.s.dollars 美圆",
    "CNY": "人民币 人民币元 RMB renminbi cnh",
    "EUR": "欧元 € euro euros",
    "GBP": "英镑 £ sterling",
    "JPY": "日元 日本元 yen jp¥",
    "HKD": "港币 港元 hk$ 港纸",
    "KRW": "韩元 韩国元 韩国圆 ₩",
    "AUD": "澳大利亚元 澳元 a$ au$",
    "CAD": "加拿大元 加元 c$ ca$",
    "SGD": "新加坡元 新元 s$ 新加坡币",
    "CHF": "瑞士法郎",
    "RUB": "卢布 俄罗斯卢布 ₽",
    "THB": "泰国铢 泰铢 ฿",
    "MYR": "林吉特 马来西亚林吉特",
    "NZD": "新西兰元 nz$",
    "SEK": "瑞典克朗",
    "NOK": "挪威克朗",
    "DKK": "丹麦克朗",
    "MOP": "澳门元",
    "TWD": "新台币 台币 台湾元 nt$",
    "INR": "印度卢比 ₹",
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
    "CN": "中国 中华人民共和国 中国大陆",
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
_ENGLISH_COUNTRIES: Final = {
    "AE": ("UAE", "U.A.E.", "Emirates"),
    "CD": ("DR Congo", "D.R. Congo", "Congo DR", "Congo (DRC)", "DRC", "Democratic Republic of Congo"),
    "CG": ("Republic of the Congo", "Republic of Congo"),
    "CI": ("Ivory Coast", "Cote d'Ivoire"),
    "CN": ("P.R. China", "PR China", "P.R.C.", "PRC", "Mainland China"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "GB": ("U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "GW": ("Guinea Bissau",),
    "HK": ("Hong Kong, China", "Hong Kong (China)", "Hong Kong SAR", "Hong Kong SAR, China", "Hongkong", "HK SAR"),
    "KP": ("North Korea", "DPRK", "DPR Korea"),
    "KR": ("South Korea", "Republic of Korea", "R.O. Korea", "R.O.K.", "ROK", "Korea (South)", "Korea Republic"),
    "LA": ("Laos",),
    "MO": ("Macau", "Macao, China", "Macao (China)", "Macau, China", "Macau (China)", "Macao SAR", "Macau SAR"),
    "NL": ("Holland", "The Netherlands"),
    "PH": ("The Philippines",),
    "RU": ("Russia",),
    "SS": ("S. Sudan",),
    "SZ": ("Swaziland",),
    "TR": ("Turkey", "Turkiye"),
    "TW": ("Taiwan, China", "Taiwan (China)", "Chinese Taipei"),
    "US": ("U.S.A.", "U.S.", "America", "United States of America"),
    "VA": ("Vatican",),
    "VG": ("British Virgin Islands", "BVI"),
    "VI": ("US Virgin Islands", "U.S. Virgin Islands"),
    "VN": ("Vietnam",),
}
"""What trade papers call them in English, beside ISO 3166's names."""
_INVOICES: Final = {
    "380": "商业发票 发票 commercial invoice",
    "325": "形式发票 proforma invoice",
    "381": "贷项通知单 贷记通知单 红字发票 credit note",
    "383": "借项通知单 借记通知单 debit note",
    "386": "预付款发票 prepayment invoice",
}
_LONGEST_NAME: Final = 100
_MOST_WORDS: Final = 6
"""Words of one name."""
_SEPARATED: Final = re.compile(r"[()\[\]/|:;]+")
_APART: Final = re.compile(
    r"[,\s\-]+|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9&])(?=[\u4e00-\u9fff])|(?<=[0-9])(?=[A-Za-z])"
)
_MADE_IN: Final = re.compile(r"(?:made|produced|manufactured)\s+in\s+|product\s+of\s+", re.IGNORECASE)
_CARRIED: Final = frozenset({"by", "via", "freight", "transport", "transportation", "shipping", "shipment"})
"""Words beside a mode of transport that say nothing more."""


def _compared(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def _table(codes: dict[T, str]) -> dict[str, T]:
    found = {_compared(name): code for code, names in codes.items() for name in names.split()}
    return found | {_compared(names): code for code, names in codes.items()}


def _either(text: str, known: Callable[[str], T | None]) -> T | None:
    """What the text means as a whole, or in all of its parts alike: `3`, `FOB`, `FOB(3)`, `3-FOB`, `(USA)美国`.

    A part that is not known makes the whole unknown: `not released` is not released, and `Hong Kong, China` not China.
    """
    whole = unicodedata.normalize("NFKC", text).strip()
    if len(whole) > _LONGEST_NAME:
        return None
    if (found := known(whole)) is not None:
        return found
    meanings: list[T] = []
    for piece in filter(None, map(str.strip, _SEPARATED.split(whole))):
        covered = _covered(piece, known)
        if covered is None:
            return None
        meanings += covered
    different = unique(meanings)
    return different[0] if len(different) == 1 else None


def _covered(piece: str, known: Callable[[str], T | None]) -> list[T] | None:
    """The meanings of a text of known parts alone, words that belong together first; None where one is not known."""
    if (found := known(piece)) is not None:
        return [found]
    words = [word for word in _APART.split(piece) if word]
    meanings: list[T] = []
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + _MOST_WORDS), start, -1)
        found, end = next(
            ((one, end) for end in ends if (one := known(" ".join(words[start:end]))) is not None), (None, start)
        )
        if found is None:
            return None
        meanings.append(found)
        start = end
    return meanings


_STATUS_NAMES: Final = _table(_STATUS)
_TRANSACTION_NAMES: Final = _table(TRANSACTION_MODES) | {code: code for code in TRANSACTION_MODES}
_TRANSPORT_NAMES: Final = _table(TRANSPORT_MODES) | {code.casefold(): code for code in TRANSPORT_MODES}
_SUPERVISION_NAMES: Final = _table(SUPERVISION_MODES)
CURRENCY_WORDS: Final = _table(_CURRENCIES)
"""Names of currencies, compared, by their codes."""
_COUNTRY_NAMES: Final = _table(_COUNTRIES)
_INVOICE_NAMES: Final = _table(_INVOICES) | {
    "invoice": "380",
    "commercialinvoice": "380",
    "proformainvoice": "325",
    "creditnote": "381",
    "debitnote": "383",
    "prepaymentinvoice": "386",
    **dict.fromkeys(("creditnotes", "creditmemo", "notadecredito", "notadecrédito", "notedecrédit", "avoir"), "381"),
    **dict.fromkeys(("debitnotes", "debitmemo", "notadedebito", "notadedébito", "notededébit"), "383"),
    **dict.fromkeys(("facturaproforma", "factureproforma", "proformarechnung", "pi", "p/i"), "325"),
    **dict.fromkeys(("advancepaymentinvoice", "downpaymentinvoice", "depositinvoice"), "386"),
}
_INVOICE_NAMES.pop("note")  # a credit note or a debit note  # fmt: skip
CURRENCIES: Final = tuple(sorted(_CURRENCIES))
"""Those with a name in Chinese here; any other of ISO 4217 is read, too."""
INVOICE_TYPES: Final = _INVOICES
"""UN/EDIFACT 1001, and names."""


def status(text: str) -> DeclarationStatus | None:
    return _either(text, lambda part: _STATUS_NAMES.get(_compared(part)))


def transaction_mode(text: str) -> str | None:
    """A mode by its code or term, which a place may follow: `FOB SHANGHAI`."""

    def known(part: str) -> str | None:
        return _TRANSACTION_NAMES.get(_compared(part))

    found = _either(text, known)
    first, *others = re.split(r"[,\s]+", unicodedata.normalize("NFKC", text[:_LONGEST_NAME]).strip())
    placed = re.fullmatch(r"[A-Za-z&]+", first) and all(re.fullmatch(r"[A-Za-z.']{3,}", one) for one in others)
    if found is None and placed and all(known(one) is None for one in others):
        return known(first)
    return found


def transport_mode(text: str) -> str | None:
    words = re.split(r"[\s\-]+", unicodedata.normalize("NFKC", text[:_LONGEST_NAME]).strip())
    left = " ".join(word for word in words if word.casefold() not in _CARRIED)
    return _either(left or text, lambda part: _TRANSPORT_NAMES.get(_compared(part)))


def supervision_mode(text: str) -> str | None:
    def known(part: str) -> str | None:
        return part if re.fullmatch(r"[0-9]{4}", part) else _SUPERVISION_NAMES.get(_compared(part))

    return _either(text, known)


def invoice_type(text: str) -> str | None:
    """UN/EDIFACT 1001 of an invoice, or what it is called."""

    def known(part: str) -> str | None:
        return part if part in _INVOICES else _INVOICE_NAMES.get(re.sub("[-–]", "", _compared(part)))

    return _either(text, known)


def currency(text: str) -> str | None:
    def known(part: str) -> str | None:
        return CURRENCY_WORDS.get(_compared(part)) or CUSTOMS_CURRENCIES.get(part) or currency_of(part)

    return _either(text, known)


def port(text: str) -> str | None:
    """A port's code; names alone are not known here."""
    return port_in(text)


@lru_cache(maxsize=1)
def _chinese_names() -> dict[str, str]:
    translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True)
    return {_compared(translation.gettext(entry.name)): entry.alpha_2 for entry in pycountry.countries}


@lru_cache(maxsize=1)
def _english_names() -> dict[str, str]:
    """By their letters alone: the names of ISO 3166, and what trade papers call them."""
    found: dict[str, str] = {}
    for entry in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            if (name := getattr(entry, attribute, None)) is not None:
                found[_letters(name)] = entry.alpha_2
    return found | {_letters(name): code for code, names in _ENGLISH_COUNTRIES.items() for name in names}


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalpha() and letter.isascii())


def country(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a code (two or three letters, or customs' old digits) or a name in Chinese or English."""
    text = _MADE_IN.sub("", unicodedata.normalize("NFKC", text).strip(), count=1)
    found = _either(text, _country_part)
    place, _, behind = text.rpartition(",")
    if found is None and place and not any(_country_part(word) for word in re.split(r"[^\w.']+", place) if word):
        return _country_part(behind.strip())  # Hamburg, Germany
    return found


def _country_part(part: str) -> str | None:
    if part.isdigit():
        return CUSTOMS_COUNTRIES.get(part)
    name = _compared(part)
    found = _COUNTRY_NAMES.get(name) or _chinese_names().get(name)
    if found is not None:
        return found
    if len(part) <= 3 and part.isascii():
        return (country_of(part) or _english_names().get(_letters(part))) if part.isupper() else None
    return _english_names().get(_letters(part)) if not re.search("[\u4e00-\u9fff]", part) else None
