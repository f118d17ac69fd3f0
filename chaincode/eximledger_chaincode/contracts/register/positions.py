"""What of declarations is held, as the public state has it: under opaque keys, sealed with the declarations' seals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from eximledger_chaincode.contracts.register.sealing import opened_value, sealed_name, sealed_value
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import position_key
from eximledger_chaincode.contracts.state.names import CUSTOMS
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.register import HeldPosition, Position
from hlf_chaincode.contract import Context

__all__ = [
    "Seals",
    "position_keys",
    "read_held",
    "read_positions",
    "read_seals",
    "seals_by_number",
    "write_held",
]

Seals: TypeAlias = Mapping[str, str]
"""The seals of declarations by number, in hex, of those that the caller may know."""
_Answer: TypeAlias = list[str | None]
_USE: Final = "position"


async def read_seals(context: Context, numbers: Sequence[str]) -> dict[str, str]:
    """The declarations' seals, asked of customs; of those that the caller is not authorised for there are none."""
    return seals_by_number(numbers, await ask(context, _Answer, CUSTOMS, "documents:seals", numbers))


def seals_by_number(numbers: Sequence[str], answered: Sequence[str | None]) -> dict[str, str]:
    """What customs answered for these declarations; those that the caller may not know are left out."""
    return {number: seal for number, seal in zip(numbers, answered, strict=True) if seal is not None}


async def read_held(context: Context, numbers: Sequence[str], seals: Seals) -> list[HeldPosition]:
    """What is held of declarations, in one batch of reads; nothing where the caller may not know."""
    known = [number for number in numbers if number in seals]
    stored = dict(zip(known, await context.stub.get_states(position_keys(known, seals)), strict=True))
    return [_position(number, stored.get(number), seals) for number in numbers]


def position_keys(numbers: Sequence[str], seals: Seals) -> list[str]:
    """Of declarations whose seals are known."""
    return [position_key(sealed_name(seals[number], _USE)) for number in numbers if number in seals]


def _position(number: str, value: bytes | None, seals: Seals) -> HeldPosition:
    if value is None:
        return HeldPosition(declaration_number=number)
    return decode(HeldPosition, opened_value(seals[number], _USE, value))


async def read_positions(context: Context, loan: Loan, seals: Seals) -> tuple[Position, ...]:
    """What other loans hold of the declarations that a loan is on."""
    found = await read_held(context, [item.declaration_number for item in loan.items], seals)
    own = {item.declaration_number: item.amount for item in loan.held if item.declaration_number in seals}
    found = [each.less(own[each.declaration_number]) if each.declaration_number in own else each for each in found]
    return tuple(Position(declaration_number=each.declaration_number, held=each.held) for each in found)


async def write_held(context: Context, positions: Iterable[HeldPosition], seals: Seals) -> None:
    """Write what is held, each value another ciphertext than the one before."""
    writes: dict[str, bytes] = {}
    for position in positions:
        seal = seals[position.declaration_number]
        name = sealed_name(seal, _USE)
        salt = context.derived(f"salt of {_USE} {name}")
        writes[position_key(name)] = sealed_value(seal, _USE, salt, encode(position))
    await context.stub.put_states(writes)
