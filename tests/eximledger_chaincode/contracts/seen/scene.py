"""Exporters that sign, the banks they sign for, and what the banks have copies of, for the tests beside this module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, EXIMBANK, MEMBERS, OFFICER, OTHER, SAFE
from tests.eximledger_chaincode.contracts.vaults import SECRET
from tests.eximledger_chaincode.lending.consent.issuing import ROOT, Issued, issued, signature
from tests.hlf_chaincode.memory_peer import Identity

from eximledger_chaincode.documents import Party
from eximledger_chaincode.lending.consent import (
    SCOPES,
    Authorisation,
    Revocation,
    Scope,
    SignedAuthorisation,
    SignedRevocation,
)
from eximledger_chaincode.lending.floors import Floors

SIGNERS = {party.uscc: issued(party.name[:20], ROOT, usccs=(party.uscc or "",)) for party in (DONGYU, OTHER)}
DONGYU_USCC = DONGYU.uscc or ""


def authorised(
    bank: str = "EximbankMSP", number: str = "A-1", what: Sequence[Scope] = SCOPES, exporter: Party = DONGYU,
    until: date = date(2027, 7, 31), signer: Issued | None = None, since: date = date(2026, 8, 1),
) -> SignedAuthorisation:  # fmt: skip
    paper = Authorisation.model_validate(
        {
            "number": number, "exporter": exporter.uscc, "bank": bank, "what": tuple(what), "purpose": "export loans",
            "valid_from": since, "valid_until": until,
        }
    )  # fmt: skip
    holder = signer or SIGNERS[exporter.uscc]
    return SignedAuthorisation(paper=paper, certificate=holder.pem, signature=signature(paper.signed_bytes, holder))


def revoked(number: str = "A-1", exporter: Party = DONGYU, signer: Issued | None = None) -> SignedRevocation:
    paper = Revocation.model_validate(
        {"authorisation": number, "exporter": exporter.uscc, "revoked_on": date(2026, 9, 1), "reason": None}
    )
    holder = signer or SIGNERS[exporter.uscc]
    return SignedRevocation(paper=paper, certificate=holder.pem, signature=signature(paper.signed_bytes, holder))


@dataclass(slots=True)
class Scene:
    """Calls of banks, customs and SAFE by their short names."""

    lending: Lending

    async def submit(self, who: Identity, channel: str, function: str, *arguments: object) -> Any:
        return await self.lending.ledger.submit(who, channel, function, *arguments)

    async def ask(self, who: Identity, channel: str, function: str, *arguments: object) -> Any:
        return await self.lending.ledger.evaluate(who, channel, function, *arguments)

    async def authorise(self, signed: SignedAuthorisation | None = None, who: Identity = EXIMBANK) -> Any:
        return await self.submit(who, "customs", "authorisations:authorise", signed or authorised())

    async def revoke(self, signed: SignedRevocation | None = None, who: Identity = EXIMBANK) -> Any:
        return await self.submit(who, "customs", "authorisations:revoke", signed or revoked())

    async def pull(
        self, *serials: int, who: Identity = EXIMBANK, invoices: Sequence[str] = (), receipts: Sequence[str] = ()
    ) -> tuple[Any, Any]:
        """From customs, then from SAFE."""
        numbers = [trade.number_of(serial) for serial in serials]
        declarations = await self.submit(who, "customs", "copies:declarations", DONGYU_USCC, numbers)
        found = await self.submit(who, "fx", "copies:exchange", DONGYU_USCC, numbers, invoices, receipts)
        return declarations, found

    async def keep(self, *serials: int, who: Identity = EXIMBANK) -> None:
        for channel in ("customs", "fx"):
            numbers = [trade.number_of(serial) for serial in serials]
            await self.submit(who, channel, "copies:keep", DONGYU_USCC, numbers)

    async def purge(self, who: Identity = EXIMBANK, bank: str = "EximbankMSP") -> None:
        for channel in ("customs", "fx"):
            await self.submit(who, channel, "copies:purge", DONGYU_USCC, bank)

    async def version(self, serial: int, who: Identity = EXIMBANK) -> int | None:
        """Of the declaration that the caller sees; None where it sees none."""
        (record,) = await self.ask(who, "customs", "documents:get_many", "declaration", [trade.number_of(serial)])
        return None if record is None else int(record["version"])

    async def customs(self, *serials: int, who: Identity = EXIMBANK) -> Any:
        """What customs' part of a case is for the caller, but for what it says of SAFE's part."""
        said = await self._customs(who, serials)
        del said["allowed"]
        return said

    async def allowed(self, who: Identity = EXIMBANK) -> Any:
        """What customs tells of SAFE's part."""
        return (await self._customs(who, []))["allowed"]

    async def _customs(self, who: Identity, serials: Sequence[int]) -> Any:
        numbers = [trade.number_of(serial) for serial in serials]
        period = (date(2026, 1, 1), date(2026, 12, 31))
        return await self.ask(who, "customs", "documents:customs_facts", numbers, DONGYU_USCC, *period)

    async def fx(
        self, *serials: int, who: Identity = EXIMBANK, invoices: Sequence[str] = (), receipts: Sequence[str] = ()
    ) -> Any:
        """What SAFE's part is."""
        numbers = [trade.number_of(serial) for serial in serials]
        period = (date(2026, 1, 1), date(2026, 12, 31))
        return await self.ask(who, "fx", "documents:fx_facts", DONGYU_USCC, numbers, invoices, receipts, *period)


async def signing(lending: Lending, floors: Floors) -> Scene:
    """The consortium names SAFE's authority, and has these floors."""
    members = [
        {**each, **({"exporters_authority": [ROOT.pem]} if each["msp_id"] == "SafeMSP" else {})} for each in MEMBERS
    ]
    for voter in (SAFE, EXIMBANK, OFFICER):
        await lending.ledger.submit(voter, "customs", "consortium:configure", members, floors)
    return Scene(lending)


async def scene(floors: Floors = trade.FLOORS) -> Scene:
    """Two declarations of Dongyu's and one of another exporter's, with Dongyu's class, on a signing consortium."""
    made = await signing(await opened(1, 2), floors)
    await made.lending.file(trade.declaration(5, exporter=OTHER))
    return made


def held_in(made: Scene, channel: str) -> int:
    """How many values the bank has on a channel."""
    values = made.lending.ledger.channels[channel].values
    return sum(collection == "shared-EximbankMSP" and key != SECRET for collection, key in values)


def rows_in(made: Scene, channel: str) -> int:
    """How many rows of lists there are, everyone's."""
    return sum(not of and key.startswith("\x00row\x00") for of, key in made.lending.ledger.channels[channel].values)
