"""What exporters let banks read, and the copies that banks have under it."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Query, status
from pydantic import Field

from eximledger.api._asking import BankName, Body
from eximledger.api._guarded import KEYED, Desk, Guarded
from eximledger.desk import Pulled
from eximledger_chaincode.contracts.papers.consents import ConsentBook
from eximledger_chaincode.contracts.papers.recipients import Recipient
from eximledger_chaincode.documents.parts.identifiers import MspId, Uscc
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation

__all__ = ["router"]

router: Final = APIRouter(tags=["consents"], route_class=Guarded)

_MOST: Final = 500
_Number: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
_Numbers: TypeAlias = Annotated[tuple[_Number, ...], Field(max_length=_MOST)]


class CopiesAsked(Body):
    """What a case needs of an exporter's papers."""

    exporter: Uscc
    declarations: _Numbers
    invoices: _Numbers = ()
    receipts: _Numbers = ()


class PurgeAsked(Body):
    """Whose copies of which exporter's papers are to go."""

    exporter: Uscc
    bank: MspId


@router.get("/consents")
async def get_consents(
    desk: Desk, exporter: Annotated[Uscc, Query(description="A USCC.")], bank: BankName = ""
) -> ConsentBook:
    """What an exporter has ever let this bank read; customs and SAFE name the bank."""
    return await desk.consents(exporter, bank=bank)


@router.post("/authorisations", status_code=status.HTTP_201_CREATED, dependencies=[KEYED])
async def file_authorisation(desk: Desk, signed: SignedAuthorisation) -> ConsentBook:
    """File what an exporter has signed: what this bank may read of it, from when until when."""
    return await desk.authorise(signed)


@router.post("/officer-consents", status_code=status.HTTP_201_CREATED, dependencies=[KEYED])
async def file_officer_consent(desk: Desk, given: OfficerConsent) -> ConsentBook:
    """File a consent on a paper form in the officer's name, where the consortium lets that count."""
    return await desk.consent(given)


@router.post("/revocations", status_code=status.HTTP_204_NO_CONTENT, dependencies=[KEYED])
async def file_revocation(desk: Desk, signed: SignedRevocation) -> None:
    """File what an exporter has signed: that an authorisation holds no longer; copies without another are purged."""
    await desk.revoke(signed)


@router.post("/copies/purge", status_code=status.HTTP_204_NO_CONTENT, dependencies=[KEYED])
async def purge_copies(desk: Desk, asked: PurgeAsked) -> None:
    """Purge a bank's copies of an exporter's papers that no loan holds; nothing where an authorisation stands."""
    await desk.purge(asked.exporter, asked.bank)


@router.post("/copies", dependencies=[KEYED])
async def pull_copies(desk: Desk, asked: CopiesAsked) -> Pulled:
    """Have customs and SAFE copy for this bank what a case needs. Opening a case does it by itself."""
    return await desk.pull(asked.exporter, asked.declarations, invoices=asked.invoices, receipts=asked.receipts)


@router.post("/copies/keep", dependencies=[KEYED])
async def keep_copies(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Say which declarations this bank's loans hold now, so that their copies are kept up; the declarations by
    exporter."""
    return dict(await desk.keep())


@router.get("/recipients")
async def list_recipients(
    desk: Desk, declaration: Annotated[list[_Number], Query(min_length=1, max_length=_MOST)]
) -> list[Recipient]:
    """Which banks have copies of declarations."""
    return await desk.recipients(declaration)
