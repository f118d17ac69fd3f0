"""A rule set that is tried and decides nothing: what it changes in one of the release's, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError

from eximledger_chaincode.documents import Value, invalid_document
from eximledger_chaincode.rules import RULES, Counts, RuleSet, Severity, rule_set_named
from hlf_chaincode.json_size import require_sane_size
from hlf_client.errors import InvalidDocument

__all__ = ["read_draft"]

_KIND: Final = "rule-set"


class _Draft(Value):
    """`{"kind": "rule-set", "name": "stricter", "based_on": "2026.1", "without": [], "severities": {"DECL-AGE":
    {"refer": "reject"}}}`"""

    kind: Literal["rule-set"] = "rule-set"
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    based_on: str
    without: tuple[str, ...] = ()
    severities: dict[str, dict[Severity, Severity]] = Field(default_factory=dict)


def read_draft(file: Path) -> RuleSet:
    """The set of a file. Raises `InvalidDocument` where it is none, or names rules or a set that there are not."""
    text = file.read_bytes()
    require_sane_size(text)
    try:
        draft = _Draft.model_validate_json(text)
    except ValidationError as error:
        raise invalid_document(_KIND, error) from None
    base = rule_set_named(draft.based_on)
    if base is None:
        raise _refused("based_on", f"there is no rule set {draft.based_on[:40]!r}: `rules list` shows them")
    if rule_set_named(draft.name) is not None:
        raise _refused("name", f"{draft.name} is a rule set of this release: give the draft a name of its own")
    for field, named in (("without", draft.without), ("severities", draft.severities)):
        if unknown := sorted(set(named) - RULES.keys()):
            raise _refused(field, f"there is no rule {unknown[0][:40]!r}: `rules show {base.name}` shows them")
    said = [Counts(rule, found, counts) for rule, each in draft.severities.items() for found, counts in each.items()]
    kept = [each for each in base.severities if (each.rule, each.found) not in {(new.rule, new.found) for new in said}]
    return RuleSet(
        draft.name, base.valid_from, base.valid_until, base=base.name, severities=tuple(sorted([*kept, *said])),
        without=tuple(sorted({*base.without, *draft.without})),
    )  # fmt: skip


def _refused(field: str, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{_KIND}.{field}: {reason}", field=field, reason=reason)
