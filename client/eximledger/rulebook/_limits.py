"""What of a past case cannot be as it was, said in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eximledger_chaincode.documents import Words
from eximledger_chaincode.lending.verdict import DocumentName, Evidence, Text, Verdict

__all__ = [
    "changed_facts",
    "found_otherwise",
    "kept_no_more",
    "not_answered",
    "other_code",
    "other_maker",
    "other_policy",
    "other_set",
]

_FACTS: Final[Mapping[str, Words]] = {
    "held": Words("what other loans hold", "其他贷款的占用"),
    "match": Words("which papers are financed elsewhere", "单据在别处的融资情况"),
    "unmatched": Words("which papers were looked up", "单据的查询情况"),
    "contract-total": Words("what was invoiced under the contracts", "合同项下累计开票"),
    "roles": Words("the members' roles", "成员角色"),
    "declared": Words("what the exporter declared in twelve months", "企业十二个月出口总量"),
    "received": Words("what the exporter received in twelve months", "企业十二个月收汇总量"),
    "naming": Words("what receipts name", "收汇注明的单据"),
    "unallocated": Words("receipts that name nothing", "未注明单据的收汇"),
}


def changed_facts(recorded: Verdict, again: Verdict) -> list[Text]:
    """The facts beside papers that are not as they were: the ledger keeps their hash and what they are now."""
    then, now = _facts(recorded), _facts(again)
    kinds = sorted(kind for kind, sha256 in then.items() if kind in now and now[kind] != sha256)
    words = [_FACTS.get(kind, Words(kind, kind)) for kind in kinds]
    return [
        Text(en=f"As it is now, not as it was: {each.en}.", zh=f"按现状而非当时情况：{each.zh}。") for each in words
    ]


def _facts(verdict: Verdict) -> dict[str, str]:
    return {each.kind: each.sha256 for each in verdict.read if each.version == 0}


def found_otherwise(recorded: Verdict, again: Verdict) -> list[Text]:
    """The rules that find today, by what the case was judged by, other than they found then: what another set or policy
    would find of the same cannot be told."""
    then, now = ({each.digest: each.rule for each in verdict.findings} for verdict in (recorded, again))
    rules = ", ".join(sorted({rule for digest, rule in {**then, **now}.items() if (digest in then) != (digest in now)}))
    if not rules:
        return []
    return [
        Text(
            en=f"By what it was judged by, it has other findings of {rules} today: of these nothing can be told.",
            zh=f"按当时依据重审，{rules} 的结果已不同：对此无法判断。",
        )
    ]


def kept_no_more(item: Evidence) -> Text:
    """A paper whose version then this member cannot read any more."""
    name = DocumentName(kind=item.kind, number=item.id)
    return Text(
        en=f"Version {item.version} of {name}, which was judged, is not to be read here any more.",
        zh=f"当时所依据的 {name} 第 {item.version} 版在此已无法读取。",
    )


def not_answered(channel: str, said: str) -> Text:
    """A channel that does not say what it knew; papers are read one by one then."""
    return Text(en=f"Channel {channel} does not answer: {said}", zh=f"通道 {channel} 未答复：{said}")


def other_policy() -> Text:
    return Text(
        en="The policy then is not found among the bank's: the one in force takes its place.",
        zh="未找到当时的政策，以现行政策代之。",
    )


def other_maker() -> Text:
    return Text(en="Who made the policy then is not known any more.", zh="当时政策的制定人已无从查考。")


def other_set(name: str, taken: str) -> Text:
    return Text(
        en=f"Rule set {name} is not in this release: {taken} takes its place.",
        zh=f"本版本没有规则集 {name}，以 {taken} 代之。",
    )


def other_code(recorded: str, present: str) -> Text:
    return Text(
        en=f"It was judged by {recorded}; this release judges by {present}: what rules stand on may differ.",
        zh=f"当时的规则集为 {recorded}，本版本为 {present}：规则的基础可能不同。",
    )
