"""The rule on whom watch lists name; controlled goods on lists are LICENCE's (`shipping.cargo`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from eximledger_chaincode.documents import Document, LegalForce, Words
from eximledger_chaincode.lending.screening.hits import Clearing, Hit, HitBasis, Trait
from eximledger_chaincode.lending.screening.screening import Edition
from eximledger_chaincode.lending.screening.subjects import Mention, gathered
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import finding, says
from eximledger_chaincode.rules.ruleset.registry import rule

__all__ = ["CLEARING", "SANCTION", "lists_of", "screened", "stopping", "takes_two_persons"]

SANCTION: Final = "SANCTION"
CLEARING: Final = "clearing"
"""The field of a finding's statement that names the hit to be cleared."""
_SOURCE: Final = "PBoC and seven bodies, from 16 Feb 2026; FATF recommendations 6 and 7"
_BASES: Final[Mapping[HitBasis, Words]] = {
    HitBasis.NUMBER: Words("the same number", "证件或注册号码相同"),
    HitBasis.SHIP: Words("the same IMO number", "IMO 编号相同"),
    HitBasis.COUNTRY: Words("that country", "该国家或地区"),
    HitBasis.PORT: Words("that port", "该港口"),
    HitBasis.GOODS: Words("those goods", "该类商品"),
}
_TRAITS: Final[Mapping[Trait, Words]] = {
    Trait.COUNTRY: Words("the same country", "国家相同"),
    Trait.PLACE: Words("the same city or postal code", "城市或邮编相同"),
    Trait.NAME: Words("another name of it, too", "另一名称亦相同"),
    Trait.NUMBER: Words("the same number", "号码相同"),
}
_FORCES: Final[Mapping[LegalForce, Words]] = {
    LegalForce.BINDING: Words("binding", "具有约束力"),
    LegalForce.FOREIGN: Words("of another state", "境外"),
    LegalForce.INTERNAL: Words("the bank's own", "本行自有"),
}
_MENTIONED: Final = 3
"""Papers that a finding names of those that mention a subject."""


@rule(SANCTION, Severity.REJECT, Severity.REFER, Severity.INFORM, source=_SOURCE)
def sanction(case: Case) -> Iterator[Finding]:
    """A party, vessel, bank, port or country of the case is on a watch list. A binding list rejects by number, ship or
    code, or by name and country with one more trait, and refers by name alone; any other list refers. A name that two
    persons cleared informs.

    Also what hinders screening: a list that policy asks for is missing, or there were too many hits to tell.
    """
    named = _mentions(case)
    cleared = {each.key: each for each in case.clearings if each.confirmed_by is not None}
    for hit in case.hits:
        if hit.basis is not HitBasis.GOODS:
            yield _on_hit(case, hit, named.get(hit.subject, ()), cleared.get(hit.key))
    yield from _hindered(case)


def screened(case: Case) -> tuple[Finding, ...]:
    """What screening alone finds in a case: what stops money, and what is looked at each night."""
    return tuple(dict.fromkeys(sanction(case.ordered())))


def lists_of(case: Case) -> tuple[Edition, ...]:
    """The editions that a case was held against, SAFE's first."""
    shared = [(record.document, record.version) for record in case.watch_lists]
    own = [(record.document, record.version) for record in case.own_watch_lists]
    held_against = [*shared, *own]
    return tuple(Edition(list_id=each.list_id, version=version, edition=each.edition) for each, version in held_against)


def stopping(findings: Iterable[Finding], overridden: Iterable[str]) -> list[Finding]:
    """Of screening's findings those that stop money: what rejects, and what refers and was neither cleared by two
    persons nor, where a checker may, overridden at the approval (by ids)."""
    aside = set(overridden)
    return [
        each
        for each in findings
        if each.rule == SANCTION
        and (each.severity is Severity.REJECT or (each.severity is Severity.REFER and each.id not in aside))
    ]


def takes_two_persons(found: Finding) -> bool:
    """Whether a finding is set aside by a clearing alone, never by one checker's override."""
    named = any(statement.field == CLEARING for statement in found.statements)
    return found.rule == SANCTION and found.severity is Severity.REFER and named


def _mentions(case: Case) -> Mapping[str, Sequence[Mention]]:
    """Where papers name each subject, by its digest; found once for a case, and only where something was hit."""
    known = case.derived.get("mentions")
    if isinstance(known, dict):
        return known
    found = {each.subject.digest: each.mentions for each in gathered(_papers(case))} if case.hits else {}
    case.derived["mentions"] = found
    return found


def _papers(case: Case) -> Iterator[Document]:
    for entry in case.entries:
        document = getattr(entry, "document", None)
        if isinstance(document, Document):
            yield document


def _on_hit(case: Case, hit: Hit, named: Sequence[Mention], clearing: Clearing | None) -> Finding:
    binding = hit.force is LegalForce.BINDING
    severity = Severity.REJECT if binding and hit.is_the_same else Severity.REFER
    clearable = hit.basis is HitBasis.NAME and not hit.is_the_same
    agrees = _agrees(hit)
    force = _FORCES[hit.force]
    en = f"{hit.own} is on watch list {hit.list_id} ({force.en}) as {hit.entry} ({hit.entry_id}): {agrees.en}."
    zh = f"{hit.own} 在监控名单 {hit.list_id}（{force.zh}）中：{hit.entry}（{hit.entry_id}），{agrees.zh}。"
    statements = [*_where(named, hit), _entry(case, hit)]
    if clearable and clearing is not None and clearing.confirmed_by is not None:
        severity = Severity.INFORM
        reason = clearing.reason.rstrip(".。 ")
        en += f" Cleared by {clearing.proposed_by.name} and {clearing.confirmed_by.name}: {reason}."
        zh += f"已由 {clearing.proposed_by.name} 与 {clearing.confirmed_by.name} 排除：{reason}。"
    elif clearable:
        statements.append(says(statements[-1].document, CLEARING, hit.key))
        en += " Two persons clear it, or it stands."
        zh += "须由两人排除。"
    return finding(SANCTION, severity, *statements, en=en, zh=zh)


def _agrees(hit: Hit) -> Words:
    traits = [_TRAITS[trait] for trait in hit.traits]
    if hit.basis is HitBasis.NAME:
        first = Words(f"name {hit.score} % alike", f"名称相似度 {hit.score}%")
    else:
        first = _BASES[hit.basis]
    parts = [first, *traits]
    alone = hit.basis is HitBasis.NAME and not traits
    return Words(
        ", ".join(part.en for part in parts) + (", nothing else" if alone else ""),
        "，".join(part.zh for part in parts) + ("，其他信息未匹配" if alone else ""),
    )


def _where(named: Sequence[Mention], hit: Hit) -> list[Statement]:
    """One statement for each paper, the first so many."""
    found: dict[DocumentName, Statement] = {}
    for mention in named:
        statement = says(mention.document, mention.field, mention.subject.called)
        found.setdefault(statement.document, statement)
    return list(found.values())[:_MENTIONED]


def _entry(case: Case, hit: Hit) -> Statement:
    own = {record.document.list_id for record in case.own_watch_lists}
    kind = "own-watch-list" if hit.list_id in own and not _is_shared(case, hit) else "watch-list"
    return says(DocumentName(kind=kind, number=hit.list_id), "entry", f"{hit.entry_id} {hit.entry}")


def _is_shared(case: Case, hit: Hit) -> bool:
    return any(record.document.list_id == hit.list_id for record in case.watch_lists)


def _hindered(case: Case) -> Iterator[Finding]:
    have = {edition.list_id for edition in lists_of(case)}
    application = case.application.document
    for list_id in case.tolerances.required_watch_lists:
        if list_id not in have:
            yield finding(
                SANCTION, Severity.REFER, says(application, "required_watch_lists", list_id),
                en=f"Policy asks for watch list {list_id}, and no edition of it holds today: nobody was held to it.",
                zh=f"政策要求监控名单 {list_id}，但当日无有效版本：未据此筛查。",
            )  # fmt: skip
    if case.omitted_hits:
        yield finding(
            SANCTION, Severity.REFER, says(application, "hits", case.omitted_hits),
            en=f"{case.omitted_hits} more hits on watch lists than are told: ask for fewer papers at once.",
            zh=f"另有 {case.omitted_hits} 条名单命中未列出：请减少单次提交的单据。",
        )  # fmt: skip
