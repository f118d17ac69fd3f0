"""What is written to the account owner in a statement (:86:): payer, references and words, in the ways of banks.

Subfields behind a mark (`?20EREF+...` in Germany, `>20`, `~20`, `<20` or `^20` elsewhere), code words between slashes
(`/EREF/.../REMI/...`, SWIFT's and the Dutch banks' way), or plain text, which is the payer's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from eximledger.formats.text.values import currency_of, declaration_numbers_in, unique
from eximledger_chaincode.documents import Identifier, Party, Reference
from eximledger_chaincode.documents.parts.identifiers import MAX_TEXT

__all__ = ["Narrative", "narrative_of", "references_in"]

_MARKED: Final = re.compile(r"\s*[0-9]{0,3}([?<>~^@|*])[0-9]{2}")
"""The mark of subfields stands behind the bank's code of three digits."""
_PLUS: Final = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|OAMT|COAM|IBAN|BIC|PURP)\+")
_SLASHED: Final = re.compile(
    r"/(EREF|CREF|IREF|PREF|MREF|UETR|TXID|ORDP|BENM|REMI|NAME|IBAN|BIC|ACCW|OCMT|EXCH|CHGS|PURP|RTRN|SVCL|TRTP|ISDT|CSID|"
    r"MARF|ULTD|ULTB|CNTP|TRCD|INIT|POINTER|ID|ADDR|CITY)/"
)
_ANYBODYS: Final = frozenset({"NAME", "IBAN", "BIC", "PURP", "ID", "ADDR", "CITY", "INIT", "POINTER"})
"""Code words that stand in plain text, too: alone, and not in the first place, they make no structure."""
_SCHEMES: Final = {"EREF": "EndToEndId", "KREF": "InstrId", "IREF": "InstrId", "UETR": "UETR", "TXID": "TxId"}
_REMITTANCE: Final = (*(f"{number}" for number in range(20, 30)), *(f"{number}" for number in range(60, 64)))
_BEFORE_THE_PAYER: Final = frozenset({"TRTP", "TRCD", "SVCL", "PREF", "IREF"})
"""Code words whose text no payer writes: a return that the bank states stands first, or behind these alone."""
_INVOICE: Final = re.compile(r"/INV/([^/\n]{1,35})")


@dataclass(frozen=True, slots=True)
class Narrative:
    """The narrative taken apart. `original` is the amount ordered, in another currency, as currency and number."""

    remittance: tuple[str, ...] = ()
    payer: Party | None = None
    payer_account: str | None = None
    payer_bank: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    original: tuple[str, str] | None = None
    is_return: bool = False
    notes: tuple[str, ...] = ()


def narrative_of(text: str) -> Narrative:
    begun = _MARKED.match(text)
    mark = re.escape(begun[1] if begun is not None else "?")
    subfields = re.compile(rf"{mark}([0-9]{{2}})")
    if begun is not None or len(set(subfields.findall(text))) > 1:
        return _parted(text, subfields)
    words = _SLASHED.findall(text.replace("\n", ""))
    structured = _SLASHED.match(text.lstrip()) is not None or not _ANYBODYS.issuperset(words)
    return _slashed(text) if structured else Narrative(remittance=_lines(text))


def _lines(text: str) -> tuple[str, ...]:
    joined = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return tuple(joined[start : start + MAX_TEXT] for start in range(0, len(joined), MAX_TEXT))


def _party(name: str) -> Party | None:
    plain = " ".join(name.split())
    return Party(name=plain[:140]) if plain else None


def _parted(text: str, subfields: re.Pattern[str]) -> Narrative:
    plain = text.replace("\n", "")
    pieces = subfields.split(plain)
    parts: dict[str, str] = {}
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[tag] = parts.get(tag, "") + value
    words = "".join(parts.get(tag, "") for tag in _REMITTANCE)
    coded = _coded(_PLUS, words)
    said = coded.pop("SVWZ", "") if coded else words
    lead = pieces[0].strip()
    before = "" if re.fullmatch(r"[0-9]{0,3}", lead) else lead  # words before the subfields may be the payer's
    return Narrative(
        remittance=(*_lines(before), *_lines(said)),
        payer=_party(parts.get("32", "") + parts.get("33", "")) or _party(coded.get("ABWA", "")),
        payer_account=parts.get("31", "").strip() or coded.get("IBAN") or None,
        payer_bank=parts.get("30", "").strip() or coded.get("BIC") or None,
        identifiers=_identifiers(coded),
        original=_original(coded.get("OAMT", "")),
        notes=_lines(" ".join(part for part in ("" if before else lead, parts.get("00", "").strip()) if part)),
    )


def _slashed(text: str) -> Narrative:
    coded = _coded(_SLASHED, text.replace("\n", ""))
    payer = coded.get("ORDP") or coded.get("NAME") or coded.get("CNTP") or ""
    said = re.sub(r"^(USTD|STRD)//?", "", coded.get("REMI", "").strip("/"))
    known = {"TEXT", "ORDP", "NAME", "CNTP", "REMI", "IBAN", "BIC", "OCMT", *_SCHEMES}
    rest = [f"{word}: {value.strip('/ ')}" for word, value in coded.items() if word not in known and value.strip("/ ")]
    return Narrative(
        remittance=(*_lines(coded.get("TEXT", "")), *_lines(said)),  # words before the codes may be the payer's
        payer=_party(payer.strip("/ ").removeprefix("NAME/")),
        payer_account=coded.get("IBAN", "").strip("/ ") or None,
        payer_bank=coded.get("BIC", "").strip("/ ") or None,
        identifiers=_identifiers(coded),
        original=_original(coded.get("OCMT", "")),
        is_return="RTRN" in coded and _BEFORE_THE_PAYER.issuperset(takewhile(lambda word: word != "RTRN", coded)),
        notes=tuple(rest),
    )


def _coded(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """The text behind each code word, the first of each."""
    pieces = pattern.split(text)
    found: dict[str, str] = {}
    if pieces[0].strip():
        found["SVWZ" if pattern is _PLUS else "TEXT"] = pieces[0].strip()
    for word, value in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(word, value.strip())
    return found


def _identifiers(coded: dict[str, str]) -> tuple[Identifier, ...]:
    found = [(scheme, coded[word].strip("/ ")) for word, scheme in _SCHEMES.items() if word in coded]
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in found if value and value != "NOTPROVIDED")


def _original(text: str) -> tuple[str, str] | None:
    """`USD1000,00` or `1000,00 USD`; whether it is an amount, who asks for it sees."""
    found = re.match(r"([A-Z]{3})\s*([0-9][0-9.,]*)|([0-9][0-9.,]*)\s*([A-Z]{3})", text.strip("/ "))
    if found is None:
        return None
    currency, amount = found[1] or found[4], found[2] or found[3]
    return (currency, amount) if currency_of(currency) is not None else None


def references_in(remittance: tuple[str, ...]) -> tuple[Reference, ...]:
    """Export declarations, also those that a line break parts, and invoices behind `/INV/`."""
    texts = [form for text in remittance for form in (text, text.replace("\n", ""))]
    numbers = unique([number for text in texts for number in declaration_numbers_in(text)])
    found = [Reference(kind="declaration", number=number) for number in numbers]
    invoices = [match.strip() for text in remittance for match in _INVOICE.findall(text)]
    return unique([*found, *(Reference(kind="invoice", number=number) for number in invoices if number)])
