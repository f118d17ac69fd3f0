"""What every page's route asks for: the officer's desk, the page's own place, and the mirror's lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from eximledger.console._here import Here, language_of
from eximledger.console._many_banks import ManyBanks
from eximledger.console._staged import Outcomes, StagedPapers
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import MirrorReader
from eximledger.serving import desk_of, officer_of, served
from eximledger.serving.officers import Officer
from eximledger_chaincode.lending.roles import Person
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotFound

__all__ = [
    "At",
    "Desk",
    "OfBank",
    "form_of",
    "from_mirror",
    "here_of",
    "name_roles",
    "outcomes",
    "redirected",
    "staged",
]

AnswerT = TypeVar("AnswerT")

Desk: TypeAlias = Annotated[LoanDesk, Depends(desk_of)]


async def here_of(request: Request, desk: Desk, officer: Annotated[Officer, Depends(officer_of)]) -> Here:
    """The page's place, for who is signed in."""
    names = {member.msp_id: member.name for member in await desk.members()}
    return Here(request, language_of(request), officer, names, _desk=desk)


At: TypeAlias = Annotated[Here, Depends(here_of)]


async def bank_of(here: At, loan_id: str, bank: str = "") -> str:
    """Whose loan is meant, where another member than a bank looks: the one bank that has such a loan, unless the
    address names one. Raises `ManyBanks` where several have, `NotFound` where none has."""
    if bank or here.is_bank:
        return bank
    banks = await from_mirror(here, lambda mirror: mirror.banks_with(loan_id))
    if not banks:
        raise NotFound(f"there is no loan {loan_id}", loan_id=loan_id)
    if len(banks) > 1:
        raise ManyBanks(f"several banks have a loan {loan_id}: say which", banks)
    return banks[0]


OfBank: TypeAlias = Annotated[str, Depends(bank_of)]


async def form_of(request: Request) -> Mapping[str, str]:
    """The text fields of a form. Raises `InvalidDocument` for a file in a field of text."""
    fields: dict[str, str] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            raise InvalidDocument(f"{name}: text is wanted, not a file", field=name, reason="a file")
        fields[name] = value.strip()
    return fields


async def from_mirror(here: Here, question: Callable[[MirrorReader], AnswerT]) -> AnswerT:
    """What the member's mirror answers, with what was written just before, and without holding up the loop."""
    reader = await served(here.request).mirrors.caught_up(here.desk.ledger)
    return await asyncio.to_thread(question, reader)


async def name_roles(here: Here, persons: Iterable[Person]) -> None:
    """Have a page name persons with their roles, as the certificates say that signed last. Without a mirror it names
    them without."""
    wanted = frozenset(persons)

    def read(mirror: MirrorReader) -> dict[tuple[str, str], tuple[str, ...]]:
        return {(each.msp_id, each.name): mirror.roles_of(each.msp_id, each.name) for each in wanted}

    with suppress(NotFound, LedgerUnavailable):
        here.roles = await from_mirror(here, read)


def redirected(here: Here, path: str, **query: object) -> RedirectResponse:
    """To another page, after an act: to load it again repeats nothing."""
    return RedirectResponse(here.url(path, **query), status_code=303)


def outcomes(request: Request) -> Outcomes:
    """What became of papers that were filed."""
    found = request.app.state.outcomes
    assert isinstance(found, Outcomes)  # noqa: S101 - `mount` puts it there
    return found


def staged(request: Request) -> StagedPapers:
    """The papers that were read and are not filed yet."""
    found = request.app.state.staged_papers
    assert isinstance(found, StagedPapers)  # noqa: S101 - `mount` puts it there
    return found
