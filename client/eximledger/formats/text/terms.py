"""Words of the trade in free text: Incoterms, payment terms, and what kind of paper a reference names."""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats.text.values import export_declaration_of

__all__ = [
    "commodity_is_hs",
    "incoterm_in",
    "names_destination",
    "payment_days_in",
    "place_after",
    "reference_kind",
    "transshipment_in",
]

_WORDS: Final = {
    "EXW": r"ex[\s-]?works|工厂交货价?", "FCA": r"free\s+carrier", "FAS": r"free\s+alongside\s+ship",
    "FOB": r"f\.\s?o\.\s?b\b\.?|free\s+on\s+board|离岸价",
    "CFR": r"c\s?(?:&|\+|and)\s?f|cnf|c\.\s?f\.\s?r\b\.?|cost\s+and\s+freight",
    "CIF": r"c\.\s?i\.\s?f\b\.?|cost,?\s+insurance,?\s+(?:and|&)\s+freight|到岸价",
    "CPT": r"carriage\s+paid\s+to", "CIP": r"carriage\s+(?:and|&)\s+insurance\s+paid(?:\s+to)?",
    "DAP": r"delivered\s+at\s+place(?!\s+unloaded)", "DPU": r"delivered\s+at\s+place\s+unloaded",
    "DDP": r"delivered,?\s+duty\s+paid",
}  # fmt: skip
"""Terms in words, and as they were called before: C&F is CFR."""
_CODES: Final = "EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP|DAT|DAF|DES|DEQ|DDU"
_NAMED: Final = "|".join(f"(?P<{code}>{words})" for code, words in _WORDS.items())
_INCOTERM: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<code>{_CODES})(?:\s?c\s?[0-9]{{1,2}}\s?%?)?|{_NAMED})(?![A-Za-z0-9])", re.IGNORECASE
)
"""With the agent's commission that some write behind it: `CIF C5%`."""
_TO_DESTINATION: Final = frozenset({"CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})

_DAYS: Final = (
    re.compile(r"\bnet\W{0,3}([0-9]{1,4})\b", re.IGNORECASE),
    re.compile(
        r"(?<![0-9.,])([0-9]{1,4})\s*(?:\([^()0-9]{1,40}\)\s*)?-?(?:calendar\s+|banking\s+|net\s+)?(?:days?\b|tagen?\b|dagen\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![0-9.,])([0-9]{1,4})\s*[天日](?!期|元)"),
)
_NOT_THE_TERM: Final = re.compile(r"discount|skonto|penalt|interest|late|korting|折扣|滞纳|罚|利息", re.IGNORECASE)

_AT_SIGHT: Final = re.compile(r"\b(?:at|on)\s+sight\b|即期", re.IGNORECASE)

_TRANSSHIPMENT: Final = r"\btrans-?\s?s?hip(?:ments?|ping)\W{0,3}(?:(?:is|are|to be)\s+)?"
_FORBIDDEN: Final = re.compile(
    rf"{_TRANSSHIPMENT}(?:not\s+(?:allowed|permitted|acceptable)|prohibited|forbidden)\b"
    r"|\b(?:no|without)\s+trans-?\s?s?hipment|(?:不允许|不准|不得|不可|禁止)(?:分批装运和|分批和)?转(?:运|船)|转(?:运|船)\W{0,2}(?:不允许|禁止)",
    re.IGNORECASE,
)
_ALLOWED: Final = re.compile(
    rf"{_TRANSSHIPMENT}(?:allowed|permitted|acceptable)\b|(?<!不)(?:允许|准许|可以)转(?:运|船)|转(?:运|船)\W{{0,2}}允许",
    re.IGNORECASE,
)

# UN/EDIFACT 1001 document names, and their words in English and Chinese
_KINDS_BY_CODE: Final = {
    "830": "declaration", "833": "declaration", "315": "contract", "220": "order", "231": "order-response",
    "380": "invoice", "384": "invoice", "325": "pro-forma-invoice", "381": "credit-note", "383": "debit-note",
    "271": "packing-list", "351": "packing-list", "700": "transport", "703": "transport", "704": "transport",
    "705": "transport", "706": "transport", "710": "transport", "714": "transport", "720": "transport",
    "730": "transport", "740": "transport", "741": "transport", "760": "transport",
    "465": "letter-of-credit", "50": "price-list", "130": "invoiced-object", "861": "certificate-of-origin",
    "CINV": "invoice", "CREN": "credit-note", "DEBN": "debit-note", "CMCN": "contract", "PUOR": "order",
    "BOLD": "transport", "DISP": "packing-list", "PROF": "pro-forma-invoice",
}  # fmt: skip
_KINDS_BY_WORD: Final = (
    (re.compile(r"customs\s+declaration|export\s+declaration|报关单", re.IGNORECASE), "declaration"),
    (re.compile(r"bill\s+of\s+lading|\bb/l\b|waybill|consignment\s+note|提单|运单", re.IGNORECASE), "transport"),
    (re.compile(r"letter\s+of\s+credit|documentary\s+credit|\bl/c\b|信用证", re.IGNORECASE), "letter-of-credit"),
    (re.compile(r"packing\s+list|despatch\s+advice|装箱单", re.IGNORECASE), "packing-list"),
    (re.compile(r"pro-?\s?forma", re.IGNORECASE), "pro-forma-invoice"),
    (re.compile(r"^\s*(commercial\s+)?invoice\s*$|商业发票", re.IGNORECASE), "invoice"),
    (re.compile(r"sales?\s+contract|purchase\s+contract|^\s*contract\s*$|销售合同|合同", re.IGNORECASE), "contract"),
    (re.compile(r"^\s*(purchase\s+)?order\s*$|订单", re.IGNORECASE), "order"),
)
_HS_LISTS: Final = re.compile(r"^(hs|hsn|hts|htsus|sth|taric|cn\d*|ncm|tsp)$|harmoni[sz]ed|海关|税则|商品编码", re.I)


def incoterm_in(text: str) -> str | None:
    """The Incoterm that the text begins with or contains; None when there is none, or two that differ."""
    found = {_term(match) for match in _INCOTERM.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _term(match: re.Match[str]) -> str:
    return match["code"].upper() if match["code"] is not None else match.lastgroup or ""


def place_after(text: str) -> str | None:
    """The named place after the Incoterm: `FOB SHANGHAI (Incoterms 2020)` gives `SHANGHAI`."""
    match = _INCOTERM.search(text)
    if match is None:
        return None
    rest = re.sub(r"\(?\s*incoterms?\W*\s*[0-9]{0,4}\s*\)?", " ", text[match.end() :], flags=re.IGNORECASE)
    again = _INCOTERM.sub(lambda other: " " if _term(other) == _term(match) else other[0], rest)
    rest = re.sub(r"\(\s*\)", " ", again)
    place = " ".join(rest.strip(" \t\n,;:.-–()").split())
    return place or None


def names_destination(incoterm: str | None, text: str) -> bool:
    """Whether the named place of the term is where the goods go, not where they are loaded."""
    return "destination" in text.lower() or incoterm in _TO_DESTINATION


def payment_days_in(text: str) -> int | None:
    """Days until payment in terms such as `T/T 60 days after B/L date` or `net 30`.

    Lines on discounts and penalties are passed over. None when no number of days is stated, or several, or a part is
    due at sight.
    """
    lines = [line for line in re.split(r"[\n;；]", text) if not _NOT_THE_TERM.search(line)]
    if any(map(_AT_SIGHT.search, lines)):
        return None
    for pattern in _DAYS:
        found = {int(days) for line in lines for days in pattern.findall(line)}
        if found:
            days = found.pop()
            return days if not found and days <= 3650 else None
    return None


def transshipment_in(text: str) -> bool | None:
    """Whether a text allows trans-shipment (`TRANSHIPMENT NOT ALLOWED`, 允许转运); None where it tells nothing, or
    both."""
    allowed, forbidden = bool(_ALLOWED.search(text)), bool(_FORBIDDEN.search(text))
    return None if allowed == forbidden else allowed


def reference_kind(number: str, code: str | None = None, words: str | None = None) -> str | None:
    """One of our kinds (or a plain word) for a paper that another names; None when nothing tells it.

    A number with the structure of an export declaration's is one, whatever it is called.
    """
    if export_declaration_of(number) is not None:
        return "declaration"
    if code is not None and code.upper() in _KINDS_BY_CODE:
        return _KINDS_BY_CODE[code.upper()]
    for pattern, kind in _KINDS_BY_WORD:
        if words is not None and pattern.search(words):
            return kind
    return None


def commodity_is_hs(list_id: str | None, list_name: str | None) -> bool:
    """Whether a commodity code's list is the Harmonized System or a tariff built on it."""
    return any(bool(_HS_LISTS.search(name)) for name in (list_id, list_name) if name)
