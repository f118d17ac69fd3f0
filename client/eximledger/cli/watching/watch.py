"""`eximledger watch`: watch lists filed and looked at, and hits that two persons clear."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.desk import LoanDesk, heading_of
from eximledger.formats.watch import ListReading, read_list
from eximledger_chaincode.documents import LegalForce, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.hits import Clearing, Directory
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now
from hlf_client.errors import InvalidDocument

__all__ = ["watch"]

_EXAMPLES = 3
_own = click.option("--own", is_flag=True, help="A list of this bank's own, for nobody else to see but SAFE.")
_bank = click.option("--bank", metavar="MSP", default="", help="Whose own lists; SAFE says it.")


@click.group(cls=Group)
def watch() -> None:
    """Watch lists: whom no loan is granted to unasked. SAFE files for all, a bank for itself."""


@watch.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_id", metavar="ID", help="What the list is called for good, such as MOFCOM-UEL.")
@click.option("--title", help="Its title; the file's own publisher's unless given.")
@click.option("--source", help="Who publishes it.")
@click.option("--force", type=click.Choice([each.value for each in LegalForce]), help="What it binds to.")
@click.option("--edition", help="What the publisher calls this edition; else the day.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="When it was published.")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="From when it holds; today unless given.")
@click.option("--keep", is_flag=True, help="Leave the entries of the edition before on the ledger.")
@click.option("--dry-run", is_flag=True, help="Only read.")
@_own
@click.pass_obj
def file(
    session: Session,
    file: Path,
    list_id: str | None,
    title: str | None,
    source: str | None,
    force: str | None,
    edition: str | None,
    published: datetime | None,
    valid_from: datetime | None,
    keep: bool,
    dry_run: bool,
    own: bool,
) -> None:
    """File FILE as the next edition of a list: the UN's, OFAC's (advanced) or the EU's XML, or a CSV.

    It holds only once it is whole; interrupted, the same command goes on.
    """
    reading = read_list(file)
    _note_left_out(session.output, reading)
    today = day_in_china(utc_now())
    day = published.date() if published else reading.published_on or today
    heading, entries = heading_of(
        reading.entries,
        own=own,
        list_id=_needed(list_id or reading.list_id, "--list"),
        title=_needed(title or reading.title, "--title"),
        source=_needed(source or reading.source, "--source"),
        force=LegalForce(force) if force else reading.force,
        edition=edition or reading.edition or str(day),
        published_on=day,
        valid_from=valid_from.date() if valid_from else today,
    )
    if dry_run:
        session.output.answer(heading, *_heading(session.output, heading, None))
        return

    async def filed(desk: LoanDesk) -> int:
        before = [each for each in (await desk.watch_lists(own=own)).headings if each.list_id == heading.list_id]
        found = await desk.file_list(heading, entries)
        after = (await desk.watch_lists(own=own)).headings
        for each in before if not keep else ():
            if each not in after:
                await desk.discard_list(each)
        return found.version

    version = session.run(filed)
    session.output.answer({"version": version, "list": heading}, *_heading(session.output, heading, version))


@watch.command("list")
@_own
@_bank
@click.pass_obj
def list_lists(session: Session, own: bool, bank: str) -> None:
    """The lists that hold or will hold: SAFE's, or with --own a bank's."""
    found = session.look(lambda desk: desk.watch_lists(own=own, bank=bank))
    session.output.answer(found, _lists(session.output, found))


@watch.command()
@click.argument("list_id", metavar="LIST")
@click.argument("entry_id", metavar="ENTRY")
@_own
@_bank
@click.pass_obj
def show(session: Session, list_id: str, entry_id: str, own: bool, bank: str) -> None:
    """One entry of a list, by its publisher's id: what a finding names."""
    found = session.look(lambda desk: desk.watch_entry(list_id, entry_id, own=own, bank=bank))
    session.output.answer(found, _entry(session.output, found))


@watch.command()
@click.argument("loan_id", metavar="LOAN")
@click.argument("hit", metavar="HIT")
@click.option("--reason", required=True, help="Why the party is not whom the entry means; it is recorded.")
@click.pass_obj
def clear(session: Session, loan_id: str, hit: str, reason: str) -> None:
    """Propose to clear a hit by name (`screen` and `loan check` give HIT); another person confirms it."""
    _answer(session.output, session.run(lambda desk: desk.propose_clearing(loan_id, hit, reason)))


@watch.command()
@click.argument("subject", metavar="SUBJECT")
@click.argument("sha256", metavar="HASH")
@click.pass_obj
def confirm(session: Session, subject: str, sha256: str) -> None:
    """Clear just what another person proposed (`watch clear` prints the command); as a checker."""
    _answer(session.output, session.run(lambda desk: desk.confirm_clearing(subject, sha256)))


def _needed(value: str, option: str) -> str:
    if not value:
        raise InvalidDocument(f"a CSV does not say this of itself: give {option}", field=option, reason="missing")
    return value


def _note_left_out(output: Output, reading: ListReading) -> None:
    if reading.left_out:
        output.note(f"{len(reading.left_out)} values or entries could not be used")
        for part in reading.left_out[:_EXAMPLES]:
            output.note(f"  {part.path}: {part.reason}")


def _heading(output: Output, heading: WatchList, version: int | None) -> list[RenderableType]:
    pairs = [
        ("List", heading.list_id), ("Title", heading.title), ("Source", heading.source), ("Force", heading.force.value),
        ("Edition", heading.edition), ("Published", str(heading.published_on)), ("From", str(heading.valid_from)),
        ("Entries", f"{heading.entries:,}"), ("SHA-256", heading.entries_sha256),
        ("Version", "" if version is None else str(version)),
    ]  # fmt: skip
    return [output.facts(pairs)]


def _lists(output: Output, found: Directory) -> RenderableType:
    versions = [*(record.version for record in found.shared), *(record.version for record in found.own)]
    return output.table(
        ("List", "Force", "Edition", "From", "Entries", "Version", "Source"),
        [
            (
                each.list_id, each.force.value, each.edition, str(each.valid_from), f"{each.entries:,}", str(version),
                each.source,
            )
            for each, version in zip(found.headings, versions, strict=True)
        ],
    )  # fmt: skip


def _entry(output: Output, entry: WatchEntry) -> RenderableType:
    places = [" ".join(part for part in (each.postal_code, each.city, each.country) if part) for each in entry.places]
    return output.facts(
        [
            ("Id", entry.entry_id), ("Kind", entry.kind.value), ("Name", entry.name),
            ("Also", "; ".join(entry.aliases)), ("Weak aliases", "; ".join(entry.weak_aliases)),
            ("Countries", ", ".join(entry.countries)), ("Places", "; ".join(places)),
            ("Numbers", "; ".join(f"{each.scheme or ''} {each.value}".strip() for each in entry.identifiers)),
            ("IMO", entry.imo_number or ""), ("Ports", ", ".join(entry.ports)), ("HS", ", ".join(entry.hs_codes)),
            ("Programmes", "; ".join(entry.programmes)), ("Listed on", str(entry.listed_on or "")),
        ]
    )  # fmt: skip


def _answer(output: Output, clearing: Clearing) -> None:
    hit = clearing.hit
    facts = output.facts(
        [
            ("Party", hit.own), ("Entry", f"{hit.list_id} {hit.entry_id} {hit.entry}"),
            ("Reason", clearing.reason), ("Proposed by", str(clearing.proposed_by)),
            ("Confirmed by", str(clearing.confirmed_by or "")),
        ]
    )  # fmt: skip
    parts: list[RenderableType] = [facts]
    if clearing.confirmed_by is None:
        parts += ["", f"eximledger watch confirm {clearing.hit.subject} {clearing.sha256}"]
    output.answer({"clearing": clearing, "sha256": clearing.sha256}, *parts)
