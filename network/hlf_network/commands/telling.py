"""A review and a configuration as lines for a person, and as one document for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hlf_network.proposals.differences import Change
from hlf_network.proposals.review import Review
from hlf_network.proposals.signers import Demand

__all__ = ["document_of", "lines_of", "lines_of_changes"]


def lines_of(review: Review, *, comment: str = "") -> Iterator[str]:
    """Everything that a signer should have read. The comment comes last: it is the proposer's."""
    basis = review.basis
    yield f"Channel {basis.channel}, fingerprint {basis.fingerprint}, configuration {basis.sequence}"
    yield "What would change, computed from the channel:"
    yield from lines_of_changes(review.changes)
    if review.warnings:
        yield "Mind:"
        yield from (f"  ! {warning}" for warning in review.warnings)
    yield "Who has to sign:"
    for demand in review.demands:
        yield from _demand(demand)
    yield f"Signed by: {', '.join(map(str, review.signers)) or 'nobody yet'}"
    if review.following:
        yield "Once it stands:"
        yield from (f"  {step}" for step in review.following)
    if review.is_enough:
        yield "Enough have signed: anyone can submit it."
    if comment:
        yield f"The proposer says (nothing checks it): {comment!r}"


def lines_of_changes(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        yield f"  {change.path}"
        yield from (f"    {words}" for words in change.words)


def document_of(review: Review) -> Mapping[str, object]:
    return {
        "channel": review.basis.channel,
        "fingerprint": review.basis.fingerprint,
        "sequence": review.basis.sequence,
        "changes": [{"path": change.path, "words": list(change.words)} for change in review.changes],
        "warnings": list(review.warnings),
        "policies": [
            {
                "policy": demand.policy,
                "asks": demand.words,
                "elements": list(demand.elements),
                "signed": list(demand.signed),
                "satisfied": demand.is_satisfied,
                "missing": list(demand.missing),
            }
            for demand in review.demands
        ],
        "signers": [signer.msp_id for signer in review.signers],
        "enough": review.is_enough,
        "following": list(review.following),
    }


def _demand(demand: Demand) -> Iterator[str]:
    yield f"  {demand.policy} ({demand.words})"
    yield f"    over {', '.join(demand.elements)}"
    so_far = f"signed by {', '.join(demand.signed)}" if demand.signed else "nobody has signed"
    if demand.is_satisfied:
        yield f"    {so_far}: enough"
    elif demand.missing:
        yield f"    {so_far}; would suffice with {', '.join(demand.missing)}"
    else:
        yield f"    {so_far}; nobody can satisfy it"
