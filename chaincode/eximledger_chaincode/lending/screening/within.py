"""Whom a paper names within what it writes as one name: to the order of a bank, care of somebody, with an address.

A bill's field for a consignee, or a statement's for a payer, has what the paper has: "TO THE ORDER OF X", "Y C/O X",
"Y formerly X", "X LTD, P.O. BOX 12, DUBAI", and a ship's field its voyage and number. Compared as a whole none of these
is the X of a list. What is found here is looked up beside the whole, never in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from eximledger_chaincode.documents.parts.identifiers import imo_check_digit_is_right
from eximledger_chaincode.documents.parts.names.name import name_of
from eximledger_chaincode.documents.parts.names.ships import without_sort
from eximledger_chaincode.documents.parts.names.spelling import compared_name
from eximledger_chaincode.lending.screening.names import is_general, readings_of
from hlf_chaincode.errors import Refused

__all__ = ["MAX_WITHIN", "names_within", "ship_numbers_within", "ships_within"]

MAX_WITHIN: Final = 20
"""Names of one field. Where there are more the case is refused: what is not looked up must not pass."""
_MOST_WORDS: Final = 40
_LONGEST: Final = 1000

_TO_ORDER: Final = re.compile(
    r"^\W*(?:(?:consigned|unto|deliver(?:ed)?|to|the|an|a|la|die|alla?|l)\b\W*)*\b(?:order|ordre|orden|ordine)\b\W*"
    r"(?:(?:of|de|di|del|von|the)\b\W*)*|^\W*凭(?:指示|指定)?",
    re.IGNORECASE,
)
_OR_ORDER: Final = re.compile(
    r"\W+(?:to|or|ou|oder|od|o)\s+(?:(?:his|her|their|its|whose)\s+)?order\W*$|(?:的?指示|的?指定)\W*$", re.IGNORECASE
)
_TO: Final = re.compile(r"^\W*(?:unto|to|the)\b\W*", re.IGNORECASE)
_JOINED: Final = re.compile(
    r"\bc\s*/\s*o\b|\bcare\s+of\b|\ba\s*/\s*c\b|\b(?:for\s+)?(?:the\s+)?account\s+of\b|\b(?:acting\s+)?on\s+behalf\s+of\b"
    r"|\bo\s*/\s*b(?:\s*/?\s*o)?\b|\bd\s*[./]?\s*b\s*[./]?\s*a\b|\bt\s*/\s*a\b|\btrading\s+as\b|\bdoing\s+business\s+as\b"
    r"|\b[afn]\s*[./]?\s*k\s*[./]?\s*a\b|\bformerly\b(?:\s+(?:known\s+as|called|named))?|\bpreviously\b"
    r"|\b(?:also|now)\s+known\s+as\b|\bex\b|\battn\b|\battention\b|\bnotify(?:\s+party)?\b|\bsame\s+as\s+consignee\b"
    r"|\s/\s|[;:：|\n\r\[\]{}<>【】]|曾用名|原名|代理|转交|\bvia\b|\bb\s*/\s*o\b"
    r"|\b(?:(?:for|in|by|on|as|an?|the|through|its|their|wholly|jointly)\s+)*(?:benefit|favou?r|order|agents?|branch"
    r"|subsidiary|affiliate|division|nominees?|trustees?|representatives?|represented|owned|controlled|managed|operated)"
    r"\s+(?:of|for|by)\b"
    r"|\b(?:(?:by|through|and)\s+)?(?:its|their|his|her)\s+(?:agents?|nominees?|trustees?|representatives?)\b"
    r"|\W+\w+\s+branch\b",
    re.IGNORECASE,
)
"""Between two names, or before one."""
_AND: Final = re.compile(r"\s(?:&|\+|and|und|et|y|e)\s", re.IGNORECASE)
_AND_CO: Final = re.compile(r"\W*co(?:mpany)?\b", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(（]([^()（）]+)[)）]")
_SPACE: Final = re.compile(r"[\s,，]+")


@lru_cache(maxsize=4096)
def names_within(text: str) -> tuple[str, ...]:
    """Names that stand within a party's name, but for the whole; none of most names. Raises `Refused` for a text that
    is too long for a name or holds too many."""
    _require_name(text)
    known = {reading.form for reading in readings_of(text)}
    found: dict[str, None] = {}
    for part in (part for piece in _pieces(text) for part in (piece, *_before_address(piece))):
        read = {reading.form for reading in readings_of(part)}
        if not read <= known and _tells(part):  # what only leaves a form or a point out is the whole
            known |= read
            found[part] = None
    return _few(found)


def _require_name(text: str) -> None:
    if len(text) > _LONGEST:
        raise Refused(
            f"a name of {len(text)} characters stands in the case's papers: at most {_LONGEST} are held against lists, "
            "write the address and other parties into fields of their own"
        )


def _few(found: Iterable[str]) -> tuple[str, ...]:
    names = tuple(found)
    if len(names) > MAX_WITHIN:
        raise Refused(
            f"one field of the case's papers names {len(names)} parties or ships: at most {MAX_WITHIN} are held "
            "against lists, write each into a field of its own"
        )
    return names


def _pieces(text: str) -> Iterator[str]:
    ordered = _TO_ORDER.sub("", text)
    trailing = _OR_ORDER.sub("", ordered)
    if trailing != ordered:
        trailing = _TO.sub("", trailing)
    for piece in _JOINED.split(trailing):
        bare = piece.strip(" \t,.:;-()（）")
        yield bare
        yield from (inner for inner in _BRACKETS.findall(piece) if _ends_in_form(inner))
        first, *others = _AND.split(bare)
        if others and _ends_in_form(first) and not _AND_CO.match(others[0]):
            yield first.strip()  # two enterprises; of one name "and" is a word
            yield from (other.strip() for other in others)


def _before_address(piece: str) -> Iterator[str]:
    """The beginning of a piece that ends in a legal form, or before a comma where it says what sort of enterprise it
    is: what follows is where that is."""
    words = _SPACE.split(piece)[:_MOST_WORDS]
    for count in range(1, len(words)):
        if _ends_in_form(" ".join(words[:count])):
            yield " ".join(words[:count])
    first, comma, _ = piece.partition(",")
    parted = first.lower().split()
    if comma and len(parted) > 1 and any(map(is_general, parted)):
        yield first.strip()


def _ends_in_form(text: str) -> bool:
    """Whether it is a name with a legal form behind it."""
    last = (compared_name(text).split() or [""])[-1]
    return any(reading.form is not None and last not in reading.words for reading in name_of(text).readings)


def _tells(part: str) -> bool:
    """Whether it is a name by which somebody can be told."""
    return any(
        len(word) > 2 and not is_general(word) and not word.isdigit()
        for reading in readings_of(part)
        for word in reading.words
    )


# -- ships -------------------------------------------------------------------------------------------------------------

_NUMBER: Final = re.compile(
    r"(?<![A-Z0-9])(?:UN|IMO)\W{0,3}(?:(?:NO|NR|NUMBER)\b\W{0,3})?([0-9]{7})(?![0-9])|^\W*([0-9]{7})(?![0-9])",
    re.IGNORECASE,
)
"""A ship's IMO number beside its name or in its place, as customs' declarations have it; without a word before it where
its check digit is right."""
_KIND_OF_SHIP: Final = re.compile(
    r"^\W*(?:(?:intended|ocean|mother|feeder)\s+)*(?:vessel|ship|feeder|barge|steamer|s\.?s\.?|船名|水路运输)\b[\s:.]*",
    re.IGNORECASE,
)
_SHIPS_JOINED: Final = re.compile(
    r"[/\\;|,@\n\r()（）]|\s-\s|\b(?:ex|formerly|previously)\b\.?|曾用名|原名", re.IGNORECASE
)
_SLASHED: Final = re.compile(r"\bM\s*/\s*([VTS])\b[\s.:]*", re.IGNORECASE)
_VOYAGE_WORDS: Final = frozenset({"V", "VOY", "VOYAGE", "NO", "NR", "IMO", "UN", "FLIGHT", "航次"})
_VOYAGE: Final = re.compile(r"(?:V(?:OY)?\.?)?(?=[A-Z]*[0-9])[0-9A-Z]{2,10}", re.IGNORECASE)


def ship_numbers_within(text: str) -> tuple[str, ...]:
    """IMO numbers that stand in the place of a ship's name, or beside it."""
    found = (named or bare for named, bare in _NUMBER.findall(text) if named or imo_check_digit_is_right(bare))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def ships_within(text: str) -> tuple[str, ...]:
    """Names of ships that stand within what a paper writes as one: without the sort of ship, the voyage and the number;
    a former name, and a second ship's. Raises `Refused` as `names_within` does."""
    _require_name(text)
    found: dict[str, None] = {}
    for piece in _SHIPS_JOINED.split(_SLASHED.sub(r"M\1 ", text)):
        words = without_sort(_KIND_OF_SHIP.sub("", piece).strip()).split()
        while len(words) > 1 and _is_of_voyage(words[-1]):
            words.pop()
        named = " ".join(words).strip(" .:-")
        if sum(map(str.isalpha, named)) > 2 and not (len(words) == 1 and _is_of_voyage(named)):
            found[named] = None
    return _few(name for name in found if name != text.strip())


def _is_of_voyage(word: str) -> bool:
    bare = word.strip(".:#-")
    return bare.upper() in _VOYAGE_WORDS or _VOYAGE.fullmatch(bare) is not None
