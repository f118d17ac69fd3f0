"""Exporters' consent, as the ledgers under fire have it: an authority of tests, and authorisations for both banks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from eximledger.desk import LoanDesk
from eximledger.testing import authority_certificate, signed_authorisation
from eximledger_chaincode.documents import Party
from eximledger_chaincode.lending.roles import Role

__all__ = ["authorise", "require_authority"]


async def require_authority(voters: Sequence[LoanDesk]) -> None:
    """Have the members vote for the authority of tests, run by SAFE, where the ledger does not know it yet."""
    pem = authority_certificate()
    for desk in voters:
        members = await desk.members()
        if any(pem in member.exporters_authority for member in members):
            return
        await desk.vote([
            member.model_copy(update={"exporters_authority": (*member.exporters_authority, pem)})
            if member.role is Role.FX_BUREAU
            else member
            for member in members
        ])  # fmt: skip


async def authorise(bank: LoanDesk, exporters: Iterable[Party], day: date) -> None:
    """File what each exporter has signed for a bank; what stands there already changes nothing."""
    for party in exporters:
        assert party.uscc is not None
        await bank.authorise(signed_authorisation(party.uscc, bank.ledger.msp_id, day))
