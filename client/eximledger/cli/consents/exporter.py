"""`eximledger exporter`: exporters' keys, and the papers by which they let banks read. No ledger is asked."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click
from pydantic import ValidationError
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import OutputGroup
from eximledger.consent import ExporterKey, ExportersAuthority, Signed, read_authority, read_consent, write_consent
from eximledger_chaincode.documents import filed_number, invalid_document
from eximledger_chaincode.lending.consent import (
    SCOPES,
    Authorisation,
    Revocation,
    SignedAuthorisation,
    SignedRevocation,
    require_signed,
)
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

__all__ = ["exporter"]

_folder = click.Path(file_okay=False, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_day = click.DateTime(["%Y-%m-%d"])
_replace = click.option("--replace", is_flag=True, help="Replace what is there.")
_key = click.option(
    "--key", "key_folder", type=_folder, required=True, metavar="FOLDER", help="The exporter's, made by `enrol`."
)
_target = click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                       help="Default: KIND-NUMBER.json.")  # fmt: skip


@click.group(cls=OutputGroup)
def exporter() -> None:
    """An exporter's consent: its key, and signed papers that let a bank read of it, or take that back."""


@exporter.command()
@click.argument("folder", type=_folder)
@click.option("--name", required=True, help="What the authority is called.")
@click.option("--organization", default="", help="Who runs it; the same as --name unless given.")
@click.option("--days", type=click.IntRange(1, 7300), default=3650, show_default=True)
@click.pass_obj
def authority(output: Output, folder: Path, name: str, organization: str, days: int) -> None:
    """Make an exporters' authority in FOLDER: a key, which stays there, and the certificate that members vote in."""
    made = ExportersAuthority.create(folder, name, organization, days=days)
    certificate = made.issuer.certificate
    answer = {"certificate": str(made.files.certificate_file), "key": str(made.files.key_file), "name": name,
              "sha256": made.fingerprint, "not_after": certificate.not_valid_after_utc}  # fmt: skip
    output.answer(
        answer,
        output.facts([
            ("Authority", name),
            ("SHA-256", made.fingerprint),
            ("Until", f"{certificate.not_valid_after_utc:%Y-%m-%d}"),
        ]),
    )  # fmt: skip
    output.note(f"certificate: {made.files.certificate_file.resolve()}")


@exporter.command()
@click.argument("uscc")
@click.option("--authority", "authority_folder", type=_folder, required=True, metavar="FOLDER", help="Who enrols.")
@click.option("--name", required=True, help="The company's name.")
@click.option("--to", "folder", type=_folder, required=True, help="A folder for the exporter's key and certificate.")
@click.option("--days", type=click.IntRange(1, 7300), default=731, show_default=True)
@click.option(
    "--request", type=_file, metavar="CSR", help="The exporter's certificate request; its key then never leaves it."
)
@_replace
@click.pass_obj
def enrol(
    output: Output,
    uscc: str,
    authority_folder: Path,
    name: str,
    folder: Path,
    days: int,
    request: Path | None,
    replace: bool,
) -> None:
    """Issue the exporter USCC its certificate, with a new key unless --request brings one."""
    made = ExportersAuthority.open(authority_folder).enrol(
        folder, uscc, name, days=days, request=request, replace=replace
    )
    answer = {"uscc": made.uscc, "name": made.name, "certificate": str(made.files.certificate_file),
              "key": None if request else str(made.files.key_file), "not_after": made.not_after}  # fmt: skip
    output.answer(
        answer,
        output.facts([("Exporter", f"{made.name} {made.uscc}"), ("Until", f"{made.not_after:%Y-%m-%d}")]),
    )
    output.note(f"certificate: {made.files.certificate_file.resolve()}")


@exporter.command()
@click.argument("number")
@_key
@click.option("--bank", required=True, metavar="MSP", help="Who may read.")
@click.option("--what", multiple=True, required=True, type=click.Choice(SCOPES), help="What; repeat it.")
@click.option("--from", "begins", type=_day, metavar="DAY", help="The first day; today in China unless given.")
@click.option("--until", "ends", type=_day, required=True, metavar="DAY", help="The last day.")
@click.option("--purpose", required=True, help="What for, in a line.")
@_target
@_replace
@click.pass_obj
def authorise(
    output: Output,
    number: str,
    key_folder: Path,
    bank: str,
    what: tuple[str, ...],
    begins: datetime | None,
    ends: datetime,
    purpose: str,
    path: Path | None,
    replace: bool,
) -> None:
    """Sign an authorisation: a bank may read what is named, for a time. NUMBER is the exporter's own choice."""
    holder = ExporterKey.open(key_folder)
    paper = _parsed(
        Authorisation, number=filed_number(number), exporter=holder.uscc, bank=bank, what=tuple(sorted(set(what))),
        valid_from=_day_of(begins), valid_until=_day_of(ends), purpose=purpose.strip(),
    )  # fmt: skip
    _write(output, holder.sign(paper), path, replace=replace)


@exporter.command()
@click.argument("number")
@_key
@click.option("--day", "dated", type=_day, metavar="DAY", help="Of the paper; today in China unless given.")
@click.option("--reason", help="Why, in a line.")
@_target
@_replace
@click.pass_obj
def revoke(
    output: Output,
    number: str,
    key_folder: Path,
    dated: datetime | None,
    reason: str | None,
    path: Path | None,
    replace: bool,
) -> None:
    """Sign the revocation of authorisation NUMBER. It counts from the moment that it is filed."""
    holder = ExporterKey.open(key_folder)
    given = {} if reason is None else {"reason": reason.strip()}
    paper = _parsed(
        Revocation, authorisation=filed_number(number), exporter=holder.uscc, revoked_on=_day_of(dated), **given
    )
    _write(output, holder.sign(paper), path, replace=replace)


@exporter.command()
@click.argument("file", type=_file)
@click.option(
    "--authority", "authorities", multiple=True, type=_file, metavar="CERT",
    help="An exporters' authority's certificate: check the signature under it, as of now; repeat it.",
)  # fmt: skip
@click.pass_obj
def show(output: Output, file: Path, authorities: tuple[Path, ...]) -> None:
    """What the signed paper in FILE says. Exit code 1 where --authority is given and the signature does not count."""
    signed = read_consent(file)
    if authorities:
        _require(signed, [read_authority(path) for path in authorities])
    said = (
        "The exporter signed this under a certificate that holds today."
        if authorities
        else "Nobody has checked the signature: name the authority with --authority."
    )
    output.answer({"paper": signed.paper, "checked": bool(authorities)}, *_view(output, signed), "", output.word(said))


PaperT = TypeVar("PaperT", Authorisation, Revocation)


def _parsed(kind: type[PaperT], **fields: object) -> PaperT:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise invalid_document(kind.model_fields["kind"].default, error) from None


def _day_of(given: datetime | None) -> date:
    return day_in_china(utc_now()) if given is None else given.date()


def _require(signed: Signed, authorities: list[str]) -> None:
    match signed:
        case SignedAuthorisation():
            require_signed(signed, authorities, utc_now())
        case SignedRevocation():
            require_signed(signed, authorities, utc_now())


def _write(output: Output, signed: Signed, path: Path | None, *, replace: bool) -> None:
    paper = signed.paper
    number = paper.number if isinstance(paper, Authorisation) else paper.authorisation
    name = re.sub(r"[^\w.-]", "-", number)
    target = path or Path(f"{paper.kind}-{name}.json")
    write_consent(target, signed, replace=replace)
    output.answer({"file": str(target.resolve()), "paper": paper}, *_view(output, signed))
    output.note(f"signed: {target.resolve()}")


def _view(output: Output, signed: Signed) -> list[RenderableType]:
    paper = signed.paper
    if isinstance(paper, Revocation):
        facts = [
            ("Kind", output.word(paper.kind)), ("Authorisation", paper.authorisation), ("Exporter", paper.exporter),
            ("Dated", str(paper.revoked_on)), ("Reason", paper.reason or ""),
        ]  # fmt: skip
    else:
        facts = [
            ("Kind", output.word(paper.kind)), ("Number", paper.number), ("Exporter", paper.exporter),
            ("Bank", paper.bank), ("May read", "\n".join(output.word(each) for each in paper.what)),
            ("From", str(paper.valid_from)), ("Until", str(paper.valid_until)), ("Purpose", paper.purpose),
        ]  # fmt: skip
    return [output.facts(facts)]
