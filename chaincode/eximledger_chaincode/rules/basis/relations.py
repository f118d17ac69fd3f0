"""What a buyer and a seller share beside the trade: a name, a number, an address, an account, a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from eximledger_chaincode.documents import Address, Document, Party, Words, capitals, compared_name, compared_number
from eximledger_chaincode.documents.parts.names.comparison import Grade, compare_names
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.parties import compared, may_be_one, so

__all__ = ["Shared", "Side", "shared"]

_SHORTEST: Final = 6
"""Letters and digits of an address, account or telephone that is anybody's own."""
_DIGITS: Final = "0123456789"
_NATIONAL: Final = 9
"""Last digits of a telephone number that its country's code and the zero before an area do not change."""
_OFFICES: Final = frozenset({
    "account", "accounts", "accounting", "accountant", "department", "dept", "desk", "export", "finance", "import",
    "info", "logistics", "manager", "office", "order", "orders", "purchase", "purchasing", "sales", "service",
    "support", "team",
})  # fmt: skip
"""Words of a contact's name that mean no person."""


class Side(NamedTuple):
    """A party, the paper that names it, and as what."""

    paper: Document
    role: str
    party: Party


class Shared(NamedTuple):
    """What two parties have in common: the field, what each says in it, and the words between their names."""

    field: str
    mine: str
    theirs: str
    words: Words
    end: Words = Words("", "")


def shared(case: Case, buyer: Party, seller: Party) -> Iterator[Shared]:
    """What a buyer shares with a seller; who is the same by name or USCC shares the rest as well, which is not said."""
    if buyer.uscc is not None and buyer.uscc == seller.uscc:
        yield Shared("uscc", buyer.uscc, buyer.uscc, Words("has the credit code of", "统一社会信用代码相同"))
        return
    by_name = compared(buyer.model_copy(update={"uscc": None}), seller)
    if by_name.grade is not Grade.DIFFERENT:
        words = Words("is, by its name, also", "名称相同")
        if by_name.grade is Grade.DOUBTFUL:
            words = Words("has a name like that of", "名称相近")
        yield Shared("name", by_name.left, by_name.right, words, so(by_name))
        return
    yield from _numbers(buyer, seller)
    if _is_one_place(buyer.address, seller.address):
        yield Shared("address", _line(buyer), _line(seller), Words("has the address of", "地址相同"))
    yield from _accounts(case, buyer, seller)
    yield from _persons(buyer, seller)


def _numbers(buyer: Party, seller: Party) -> Iterator[Shared]:
    known = {(each.scheme, compared_number(each.value)) for each in seller.identifiers if each.scheme is not None}
    for each in buyer.identifiers:
        if (each.scheme, compared_number(each.value)) in known and len(compared_number(each.value)) >= _SHORTEST:
            yield Shared("number", each.value, each.value, Words("has a number of", "登记号码相同"))
            return


def _line(party: Party) -> str:
    address = party.address or Address()
    return ", ".join((*address.lines, *(each for each in (address.postal_code, address.city) if each)))


def _is_one_place(mine: Address | None, theirs: Address | None) -> bool:
    """Where both say a street or a box: the same lines, with or without the town, and no other town or country."""
    if mine is None or theirs is None or not mine.lines or not theirs.lines:
        return False
    for one, other in ((mine.city, theirs.city), (mine.country, theirs.country)):
        if one is not None and other is not None and compared_name(one) != compared_name(other):
            return False
    return not _places(mine).isdisjoint(_places(theirs))


_ABBREVIATED: Final = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "ln": "lane", "dr": "drive",
    "bldg": "building", "fl": "floor", "rm": "room", "dist": "district", "ind": "industrial",
    "no": "", "nr": "", "number": "",
}  # fmt: skip
"""Words of an address that one paper writes out and another does not."""


def _places(address: Address) -> set[str]:
    words = compared_name(" ".join(address.lines)).split()
    street = compared_number("".join(_ABBREVIATED.get(word, word) for word in words))
    town = compared_number(address.city or "")
    post = compared_number(address.postal_code or "")
    found = {street, street + town, street + post + town, street + town + post}
    return {each for each in found if len(each) >= _SHORTEST}


class _Drawn(NamedTuple):
    """An account that money was or may be drawn from, and whose payer it is said to be."""

    number: str
    account: str
    payer: Party


def _accounts(case: Case, buyer: Party, seller: Party) -> Iterator[Shared]:
    """An account of the buyer's, from which a receipt came or an invoice may be drawn, is one of the seller's."""
    for drawn in _drawn_within(case):
        if may_be_one(drawn.payer, buyer) and drawn.number in _owned(case, seller):
            yield Shared("account", drawn.account, drawn.account, Words("pays from an account of", "付款账户相同"))
            return


def _owned(case: Case, seller: Party | None) -> set[str]:
    """The accounts to which receipts came, and those that a seller's invoices name; of every seller for None."""
    own = {compared_number(record.document.account) for record in case.receipts}
    for paper in (record.document for record in case.invoices):
        if seller is None or may_be_one(paper.seller, seller):
            own |= {compared_number(each.account) for each in paper.payment_accounts if each.account}
    return {number for number in own if len(number) >= _SHORTEST}


def _drawn_within(case: Case) -> list[_Drawn]:
    """What was drawn from an account of any seller of the case; found once for each case."""
    known = case.derived.get("drawn")
    if isinstance(known, list):
        return known
    said = [(paper.payer_account, paper.payer) for paper in (record.document for record in case.receipts)]
    for invoice in (record.document for record in case.invoices):
        said += [(each.payer_account, invoice.buyer) for each in invoice.payment_accounts]
    own, found = _owned(case, None), list[_Drawn]()
    for account, payer in said:
        if account and payer is not None and (number := compared_number(account)) in own:
            found.append(_Drawn(number, account, payer))
    case.derived["drawn"] = found
    return found


def _persons(buyer: Party, seller: Party) -> Iterator[Shared]:
    mine, theirs = _people(buyer), _people(seller)
    pairs = [(mine[key], theirs[key]) for key in sorted(mine.keys() & theirs.keys())]
    leads = buyer.representative, seller.representative
    if not pairs and leads[0] and leads[1] and compare_names(leads[0], leads[1]).grade in {Grade.SAME, Grade.ALIKE}:
        pairs.append((leads[0], leads[1]))  # 张伟, Zhang Wei
    for one, other in pairs[:1]:
        yield Shared("representative", one, other, Words("is represented by the person of", "代表人或联系方式相同"))


def _people(party: Party) -> dict[str, str]:
    """Who represents a party, and how they are reached: by name, mail address and telephone."""
    contact, found = party.contact, dict[str, str]()
    for name in (party.representative, contact.name if contact is not None else None):
        words = compared_name(name or "").split()
        if name and words and _OFFICES.isdisjoint(words) and len("".join(words)) > 1:
            found[" ".join(sorted(words))] = name
    if contact is not None and contact.email:
        found[capitals(contact.email.strip())] = contact.email
    if contact is not None and contact.telephone:
        digits = "".join(each for each in compared_number(contact.telephone) if each in _DIGITS).lstrip("0")
        if len(digits) > _SHORTEST:
            found[digits[-_NATIONAL:]] = contact.telephone
    return found
