"""`eximledger proof`: a decision as a file, and its check by somebody who has nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import RenderableType

from eximledger.cli._output import Output
from eximledger.cli._session import Group, OutputCommand, Session
from hlf_client.errors import FabricError
from hlf_client.identity import wallet

if TYPE_CHECKING:
    from eximledger.proof import ProvenDecision

__all__ = ["proof"]

_FOLDED = 16
"""Hex digits of a hash that are enough for a person."""


@click.group(cls=Group)
def proof() -> None:
    """A loan's decision as one file that an auditor checks offline, with nothing but the members' CA certificates."""


@proof.command()
@click.argument("loan_id", metavar="ID")
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: ID.proof.json."
)
@click.pass_obj
def export(session: Session, loan_id: str, path: Path | None) -> None:
    """Write the proof of the last decision on a loan. Needs Fabric: --ledger PROFILE.

    The file holds the loan with its verdict and evidence hashes, the decision's whole block with the orderers' and
    endorsers' signatures and certificates, and the peers' signed word that the decision stands.
    """
    _require_fabric()
    from eximledger.proof import export_proof

    made = session.run(lambda desk: export_proof(desk.ledger, loan_id))
    target = path or Path(f"{loan_id}.proof.json")
    wallet.write_private(target, made.content)
    output = session.output
    answer = {"file": str(target.resolve()), "loan_id": made.loan_id, "transaction_id": made.transaction_id,
              "block_number": made.block.number, "bytes": len(made.content)}  # fmt: skip
    output.answer(
        answer,
        output.facts([
            ("Loan", made.loan_id),
            ("Transaction", made.transaction_id),
            ("Block", f"{made.block.number:,}"),
            ("Size", f"{len(made.content):,} bytes"),
        ]),
    )  # fmt: skip
    output.note(f"proof: {target.resolve()}")


@proof.command(cls=OutputCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    required=True,
    metavar="[MSP=]CA",
    help="A CA's certificate (PEM) or an MSP folder, got from its owner; repeat it. MSP= says whose it is.",
)
@click.option(
    "--require", "required", multiple=True, metavar="MSP", help="A member whose peers must have signed; repeat it."
)
@click.pass_obj
def verify(output: Output, file: Path, trusted: tuple[str, ...], required: tuple[str, ...]) -> None:
    """Check the proof in FILE offline, and say what it proves. Exit code 0 when it holds, 1 otherwise.

    Trusted must be the CAs of the loan's bank, of another member whose peers endorsed it, and of the orderers.
    """
    _require_fabric()
    from eximledger.proof import Authorities, verify_proof

    authorities = Authorities.read(_trusted(text) for text in trusted)
    found = verify_proof(file.read_bytes(), authorities, required)
    output.answer({"proven": True, "decision": found}, *_view(output, found))


def _trusted(text: str) -> tuple[str, Path]:
    msp_id, equals, path = text.partition("=")
    return (msp_id, Path(path)) if equals and not Path(text).exists() else ("", Path(text))


def _require_fabric() -> None:
    """What a proof is made of are Fabric's messages. Raises `FabricError` where they cannot be read."""
    try:
        import eximledger.proof  # noqa: F401 - can it be imported?
    except ImportError as error:
        raise FabricError(f"a proof needs {error.name}: pip install 'eximledger[fabric]'") from None


def _view(output: Output, found: ProvenDecision) -> list[RenderableType]:
    loan, decision, verdict = found.loan, found.decision, found.loan.verdict
    application = loan.application.document
    facts = [
        ("Loan", loan.loan_id),
        ("Decision", output.word(decision.outcome.value)),
        ("Bank", found.decided_by),
        ("By", str(decision.by)),
        ("Decided", f"{decision.at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Reason", decision.reason or ""),
        ("Applicant", f"{application.applicant.name} {application.exporter}"),
        ("Amount asked", str(application.amount)),
        ("Can be financed", "" if verdict is None else str(verdict.eligible)),
        ("Evidence hash", "" if verdict is None else verdict.evidence_hash),
        ("Rule set", "" if verdict is None else verdict.rule_set),
        ("Endorsed by", ", ".join(found.endorsed_by)),
        ("Channel", found.channel),
        ("Block", f"{found.block_number:,} {found.block_hash}"),
        ("Ordered by", ", ".join(found.ordered_by)),
        ("Transaction", found.transaction_id),
        ("Attested by", ", ".join(found.attested_by)),
        ("Attested", f"{found.attested_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("State then", output.word(found.state.value)),
        ("SHA-256", found.sha256),
    ]
    shown: list[RenderableType] = [output.word("The decision is proven."), "", output.facts(facts)]
    if decision.overrides:
        rows = [(one.finding, one.reason) for one in decision.overrides]
        shown += ["", output.table(("Finding", "Reason"), rows)]
    if verdict is not None and verdict.evidence:
        read = [(one.channel, one.kind, one.id, str(one.version), one.sha256[:_FOLDED]) for one in verdict.evidence]
        shown += ["", output.table(("Channel", "Kind", "Id", "Version", "SHA-256"), read)]
    vouched = sorted(found.vouched_for.items())
    return [*shown, "", output.table(("Member", "Authority"), vouched)]
