"""`eximledger proof`: a decision as a file, and its check by somebody who has nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, OutputCommand, Session
from eximledger.reports import moment
from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.documents import BANK
from hlf_client.errors import FabricError
from hlf_client.identity import wallet

if TYPE_CHECKING:
    from eximledger.proof import ProvenDecision

__all__ = ["proof"]

_FOLDED: Final = 16
"""Hex digits of a hash that are enough for a person."""

_BUREAU: Final = "SafeMSP"
"""As `eximledger.proof.BUREAU`, which needs Fabric's messages to be imported."""


@click.group(cls=Group)
def proof() -> None:
    """A loan's decision as one file that an auditor checks offline, with nothing but the members' CA certificates."""


@proof.command()
@click.argument("loan_id", metavar="ID")
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: ID.proof.json."
)
@click.option("--bank", metavar="MSP", default="", help="Whose loan it is; the bureau names it.")
@click.option("--bureau", default=_BUREAU, show_default=True, metavar="MSP", help="The bureau: its peers sign, too.")
@click.pass_obj
def export(session: Session, loan_id: str, path: Path | None, bank: str, bureau: str) -> None:
    """Write the proof of the last decision on a loan. Needs Fabric: --ledger PROFILE.

    The file holds the decision's whole block with the orderers' and endorsers' signatures and certificates, and what
    the block has hashes of: the loan with its verdict and evidence hashes, as peers of its bank and of the bureau read
    it and have signed.
    """
    _require_fabric()
    from eximledger.proof import export_proof

    made = session.run(lambda desk: export_proof(desk.ledger, loan_id, bank=bank, bureau=bureau))
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


@proof.command()
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", default=Path("bank.trust.json"),
    show_default=True,
)  # fmt: skip
@click.pass_obj
def trust(session: Session, path: Path) -> None:
    """Write the trust file of the bank channel: how it began, and whose authorities it names. Needs Fabric.

    An auditor who gets it from one member compares what is printed with what another one says, and keeps it.
    """
    _require_fabric()
    from eximledger.proof import export_trust

    made = session.on_ledger(export_trust)
    wallet.write_public(path, made.content)
    output = session.output
    rows = [
        (part.msp_id, output.word(role), part.authority.name, "\n".join(part.authority.fingerprints))
        for role, parts in (("member", made.members), ("orders blocks", made.orderers))
        for part in parts
    ]
    output.answer(
        {"file": str(path.resolve()), "trust": made},
        output.facts([("Channel", made.channel), ("First block", made.genesis)]),
        "",
        output.table(("Member", "Role", "Authority", "SHA-256"), rows),
    )
    output.note(f"trust file: {path.resolve()}")


@proof.command(cls=OutputCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    required=True,
    metavar="TRUST",
    help="A trust file, the channel's first block, or MSP=CA: a member's CA certificate (PEM) or MSP folder, got from "
    "its owner. Repeat it.",
)
@click.option("--orderer", "orderers", multiple=True, metavar="MSP=CA", help="The CA of who orders blocks; repeat it.")
@click.option("--genesis", default="", metavar="SHA256", help="The channel's first block, where no file says it.")
@click.option("--channel", default=BANK, show_default=True, help="Where the decision must have been taken.")
@click.option("--chaincode", default=CHAINCODE, show_default=True, help="Which contracts must have decided.")
@click.option(
    "--bureau", default=_BUREAU, show_default=True, metavar="MSP", help="The bureau: its peers must have signed."
)
@click.option(
    "--require", "required", multiple=True, metavar="MSP", help="One more whose peers must have signed; repeat it."
)
@click.pass_obj
def verify(
    output: Output,
    file: Path,
    trusted: tuple[str, ...],
    orderers: tuple[str, ...],
    genesis: str,
    channel: str,
    chaincode: str,
    bureau: str,
    required: tuple[str, ...],
) -> None:
    """Check the proof in FILE offline, and say what it proves. Exit code 0 when it holds, 1 otherwise.

    Trusted must be the CAs of the loan's bank and of the bureau, and apart from them of who orders blocks. A trust file
    (`proof trust`) or the channel's first block names them all, and which network is meant.
    """
    _require_fabric()
    from eximledger.proof import TrustedNetwork, TrustFile, verify_proof

    named = [_named(text) for text in trusted]
    network = TrustedNetwork.of(
        [TrustFile.read(path) for msp_id, path in named if not msp_id],
        members=[(msp_id, path) for msp_id, path in named if msp_id],
        orderers=[_named(text) for text in orderers],
        genesis=genesis,
        channel=channel,
        chaincode=chaincode,
        bureau=bureau,
        required=required,
    )
    found = verify_proof(file.read_bytes(), network)
    output.answer({"proven": True, "decision": found}, *_view(output, found))


def _named(text: str) -> tuple[str, Path]:
    """MSP id, "" where none is said, and path."""
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
        ("Decided", moment(decision.at)),
        ("Reason", decision.reason or ""),
        ("Applicant", f"{application.applicant.name} {application.exporter}"),
        ("Amount asked", str(application.amount)),
        ("Can be financed", "" if verdict is None else str(verdict.eligible)),
        ("Computed by peers of", ", ".join(found.endorsed_by)),
        ("Stood according to", ", ".join(found.attested_by)),
        ("Stood on", moment(found.attested_at)),
        ("State then", output.word(found.state.value)),
        ("Evidence hash", "" if verdict is None else verdict.evidence_hash),
        ("Rule set", "" if verdict is None else verdict.rule_set),
        ("Channel", f"{found.channel} ({found.chaincode})"),
        ("First block", found.network),
        ("Block", f"{found.block_number:,} {found.block_hash}"),
        ("Ordered by", ", ".join(found.ordered_by)),
        ("Transaction", found.transaction_id),
        ("SHA-256", found.sha256),
    ]
    shown: list[RenderableType] = [output.word("The decision is proven."), "", output.facts(facts)]
    if decision.overrides:
        rows = [(one.finding, one.reason) for one in decision.overrides]
        shown += ["", output.table(("Finding", "Reason"), rows)]
    if verdict is not None and verdict.evidence:
        read = [(one.channel, one.kind, one.id, str(one.version), one.sha256[:_FOLDED]) for one in verdict.evidence]
        shown += ["", output.table(("Channel", "Kind", "Id", "Version", "SHA-256"), read)]
    vouched = [
        (msp_id, output.word(role), name)
        for role, names in (("member", found.vouched_for), ("orders blocks", found.vouched_for_orderers))
        for msp_id, name in sorted(names.items())
    ]
    return [
        *shown, "", output.table(("Member", "Role", "Authority"), vouched), "",
        output.word("It does not show what happened to the loan since, nor that the papers are true."),
    ]  # fmt: skip
