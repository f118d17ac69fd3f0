"""Chaincode builds that a hostile operator could run in place of the real one; their servers get them by name."""

from __future__ import annotations

from typing import ClassVar

from eximledger_chaincode.contracts import exim, loans
from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.state.keys import loan_key
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import papers_of
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Person, Role, person_of
from eximledger_chaincode.rules import Decision, Verdict
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.creator import Creator
from hlf_chaincode.errors import NotFound
from hlf_chaincode.policies import EndorsementPolicy

__all__ = ["hostile"]


class HostileContract(Contract):
    """Whatever the stub can do, with no rule of the trade before it."""

    name: ClassVar[str] = "hostile"

    @transaction
    async def write(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())

    @transaction
    async def delete(self, context: Context, key: str) -> None:
        await context.stub.delete_state(key)

    @query
    async def read(self, context: Context, key: str) -> str | None:
        value = await context.stub.get_state(key)
        return None if value is None else value.hex()

    @transaction
    async def guard(self, context: Context, key: str, policy: str) -> None:
        await context.stub.set_state_validation_parameter(key, EndorsementPolicy.parse(policy).to_bytes())

    @query
    async def read_private(self, context: Context, collection: str, key: str) -> str | None:
        value = await context.stub.get_private_data(collection, key)
        return None if value is None else value.hex()

    @query
    async def read_vault(self, context: Context, collection: str, key: str) -> str | None:
        """What a vault has under a name, as the contracts read it."""
        value = await (await open_vault(context, collection)).get(key)
        return None if value is None else value.decode()

    @transaction
    async def write_private(self, context: Context, collection: str, key: str) -> None:
        await context.stub.put_private_data(collection, key, context.stub.transient["value"])

    @transaction
    async def delete_private(self, context: Context, collection: str, key: str) -> None:
        await context.stub.delete_private_data(collection, key)

    @transaction
    async def purge_private(self, context: Context, collection: str, key: str) -> None:
        await context.stub.purge_private_data(collection, key)

    @transaction
    async def guard_private(self, context: Context, collection: str, key: str, policy: str) -> None:
        parameter = EndorsementPolicy.parse(policy).to_bytes()
        await context.stub.set_private_data_validation_parameter(collection, key, parameter)


def hostile() -> Chaincode:
    """The exim chaincode whose loans contract believes and allows everything, and a door to the bare ledger."""
    replaced: dict[str, object] = {
        "reconcile": _approving,
        "require_decider": _anybody,
        "require_stranger": _nothing,
        "require_supported": _nothing,
        "require_business_day": _no_day,
        "require_step": _nothing,
        "open_own_loan": _anybodys,
    }
    for name, lie in replaced.items():
        assert hasattr(loans, name), f"loans.py has no {name} any more: this build would not lie"
        setattr(loans, name, lie)
    return Chaincode("exim", [*exim().contracts.values(), HostileContract()])


def _approving(case: Case) -> Verdict:
    """The verdict that a robber would like."""
    return Verdict(
        verdict=Decision.APPROVE,
        eligible=Money.of("99000000.00", "CNY"),
        findings=(),
        rule_set="none",
        policy_sha256="0" * 64,
        evidence=(),
        evidence_hash="0" * 64,
    )


def _nothing(*_: object) -> None:
    """No rule."""


async def _no_day(_: object) -> None:
    """Every day is a business day."""


def _anybody(_: Loan, creator: Creator) -> Person:
    """Whoever asks decides."""
    return person_of(creator)


async def _anybodys(context: Context, loan_id: str, *_ahead: str) -> OpenedLoan:
    """Every bank's loan is one's own, where this peer has it."""
    consortium = await read_consortium(context)
    for bank in dict.fromkeys((context.creator.msp_id, *consortium.with_role(Role.BANK))):
        vault = await open_vault(context, papers_of(bank))
        if stored := await vault.get(loan_key(loan_id)):
            return OpenedLoan(Loan.model_validate_json(stored), vault, consortium, stored)
    raise NotFound(f"no bank has a loan {loan_id}")
