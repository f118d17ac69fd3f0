"""Words of papers that rules look for: what carriers remark, how freight is paid, descriptions that say nothing.

All tables are of the form that `compared_name` gives: without case and punctuation, words parted by one space. Chinese
has no spaces between words: its phrases are looked for anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eximledger_chaincode.documents import FreightPayment, compared_name

__all__ = ["freight_payment_in", "says_nothing", "tells_defect", "tells_on_deck"]

_PARTS: Final = re.compile(r"[.;!\n。；！]+(?=\s|$|[^\x00-\x7f])|\n")
"""Where one remark ends and another begins."""

_DEFECT: Final = re.compile(
    r"\b(damaged?|torn|wet(?! (blue|white|salted|wipes?))|soaked|rust(y|ed|s)?"
    r"( stain(s|ed)?)?|broken(?! rice)|crushed|dented|leak(s|ing|age|ed)?|stained|mould(y|ed)?"
    r"|mold(y|ed)?|rotten|decayed|corroded|punctured|bent|cracked|defective|pilfered|infested|contaminated"
    r"|bags? burst|burst bags?|seal broken|shortage"
    r"|(insufficient|inadequate|poor|defective|unsuitable|second hand) pack(ing|aging|ages?)"
    r"|pack(ing|aging|ages?) (is |are |was |were )?(insufficient|inadequate|not sufficient|poor|defective))\b"
    r"|破损|破裂|破漏|湿损|水湿|受潮|锈蚀|生锈|锈损|渗漏|泄漏|漏损|污损|变形|霉变|发霉|凹陷|腐烂|虫蛀"
    r"|包装(不良|不牢|不足|不固|破|有缺陷)"
)
_NOT_TOLD: Final = re.compile(
    r"\b(not|no(?! \d)|nor|without|free (of|from)|never|unless|if|may|might|risk|against|proof|resist\w*|liab\w+"
    r"|responsib\w+"
    r"|claims?|clean on board|anti|prevent\w*|insur\w+|in case|any|shall|should|inspected|said to)\b"
    r"|无|未|不负|不承担|防|如有|可能|责任|若|免"
)
"""Of a remark with one of these the words of damage are a condition, a denial or a property: `rust proof`, `not
responsible for damage`."""

_ON_DECK: Final = re.compile(
    r"\b(loaded|shipped|stowed|carried|carriage|stowage|cargo|goods|containers?) (on|above|over) deck\b"
    r"|\bon deck (at|shipment|stowage|cargo|carriage|shippers)\b|^on deck$|(装于|装在|载于|置于|积载于)?(舱面|甲板)"
)
_MAY_BE: Final = re.compile(r"\b(may|option|right|liberty|not|under|or)\b|可能|有权|不|舱内|或")

_PREPAID: Final = re.compile(
    r"\b(freight|freights|carriage|frt|all charges)( and all other charges| charges?| payable)? (is |are )?"
    r"(pre ?paid|paid)\b|^pre ?paid$|运费(已)?(预付|付讫|付清)|^pp$"
)
_COLLECT: Final = re.compile(
    r"\b(freight|freights|carriage|frt)( charges?)? (is |are )?(to )?(be )?(collect(ed)?|forward|payable at destination"
    r"|to pay|payable by (the )?consignee)\b|^(freight )?collect$|^cc$|运费(到付|待收|目的港付)"
)

_EMPTY: Final = frozenset(
    [
        "goods",
        "good",
        "merchandise",
        "cargo",
        "cargoes",
        "commodity",
        "commodities",
        "product",
        "products",
        "item",
        "items",
        "article",
        "articles",
        "material",
        "materials",
        "stuff",
        "thing",
        "things",
        "sundry",
        "sundries",
        "various",
        "miscellaneous",
        "misc",
        "mixed",
        "assorted",
        "general",
        "other",
        "others",
        "freight",
        "load",
        "shipment",
        "consignment",
        "consolidated",
        "consolidation",
        "fak",
        "kinds",
        "all",
        "kind",
        "sorts",
        "sort",
        "type",
        "types",
        "part",
        "parts",
        "spare",
        "spares",
        "accessory",
        "accessories",
        "equipment",
        "equipments",
        "supplies",
        "supply",
        "ware",
        "wares",
        "gift",
        "gifts",
        "sample",
        "samples",
        "description",
        "descriptions",
        "details",
        "detail",
        "specification",
        "specifications",
        "as",
        "per",
        "according",
        "see",
        "refer",
        "accordance",
        "with",
        "the",
        "to",
        "of",
        "in",
        "by",
        "and",
        "for",
        "from",
        "a",
        "an",
        "our",
        "your",
        "their",
        "attached",
        "attachment",
        "enclosed",
        "list",
        "invoice",
        "contract",
        "order",
        "po",
        "sales",
        "purchase",
        "pro",
        "forma",
        "proforma",
        "agreement",
        "number",
        "no",
        "nr",
        "ref",
        "reference",
        "above",
        "below",
        "mentioned",
        "said",
        "contain",
        "containing",
        "nil",
        "none",
        "na",
        "n",
        "tbd",
        "tba",
        "unknown",
        "unspecified",
        "same",
        "ditto",
        "line",
        "total",
        "sum",
        "lot",
        "lots",
        "set",
        "sets",
        "package",
        "packages",
        "pkgs",
        "cartons",
        "carton",
        "pallet",
        "pallets",
        "container",
        "containers",
        "stc",
        "export",
        "commercial",
    ]
)
"""Words that name no goods, whether alone or together. Numbers name none either."""
_PAPER: Final = re.compile(
    r"\b(contract|invoice|order|po|no|nr|number|ref)\b( [a-z]{1,5})?( [a-z]*[0-9][0-9a-z]*)+\b"
    r"|(合同|发票|订单)(编?号)?( ?[a-z]{1,5})?( ?[a-z]*[0-9][0-9a-z]*)+"
)
"""A paper by its number: `contract no dy 007`."""
_EMPTY_IN_CHINESE: Final = re.compile(
    r"货物|商品|产品|物品|货品|杂货|百货|其他|其它|各种|各类|一批|若干|材料|配件|零件|设备|样品|礼品|详见|按照|依照|根据|参见"
    r"|合同|发票|订单|清单|附件|附表|协议|所列|所示|规定|见|按|如|同上|的|等|号|第|及|和|与|无|品名|名称|出口|一般|普通"
)


@lru_cache(maxsize=4096)
def _remarks(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (compared_name(part) for part in _PARTS.split(text))))


def tells_defect(text: str) -> bool:
    """Whether a remark expressly declares goods or packing defective (UCP 600 art. 27)."""
    return any(_DEFECT.search(each) and not _NOT_TOLD.search(_DEFECT.sub(" ", each)) for each in _remarks(text))


def tells_on_deck(text: str) -> bool:
    """Whether goods are stated to be on deck; that they may be is none (UCP 600 art. 26(a))."""
    return any(_ON_DECK.search(each) and not _MAY_BE.search(each) for each in _remarks(text))


def freight_payment_in(text: str) -> FreightPayment | None:
    """How freight is paid by words such as `FREIGHT PREPAID` or 运费到付; None where they tell neither, or both."""
    remarks = [each for each in _remarks(text) if not ("collect" in each and "paid" in each)]  # an undeleted choice
    prepaid = any(_PREPAID.search(each) for each in remarks)
    collect = any(_COLLECT.search(each) for each in remarks)
    if prepaid == collect:
        return None
    return FreightPayment.PREPAID if prepaid else FreightPayment.COLLECT


@lru_cache(maxsize=8192)
def says_nothing(*texts: str | None) -> bool:
    """Whether none of a line's descriptions names any goods."""
    return all(not text or not _named(text) for text in texts)


def _named(text: str) -> str:
    """What is left of a description without what names no goods."""
    plain = _EMPTY_IN_CHINESE.sub(" ", _PAPER.sub(" ", compared_name(text)))
    return " ".join(word for word in plain.split() if word not in _EMPTY and not _is_number(word))


def _is_number(word: str) -> bool:
    """A number, a paper's number such as DY 007, or a single letter; a word of Chinese names something."""
    return any(character.isdigit() for character in word) or (len(word) == 1 and word.isascii())
