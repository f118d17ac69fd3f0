"""A chaincode that is no trade's: what its types are is what a typed client has to get right."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.errors import NotFound
from hlf_client.embedded import (
    ChaincodeDefinition,
    ChannelDefinition,
    ConsortiumDefinition,
    HostedConsortium,
    Organization,
    User,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    name: str
    from_: Annotated[str, Field(alias="from")] = ""


class Car(BaseModel):
    id: str
    colour: Colour
    made_on: date
    wheels: int = 4
    note: str | None
    parts: tuple[Part, ...] = ()


class Cars(Contract):
    """Cars."""

    name = "cars"

    @transaction
    async def BuildCar(  # noqa: N802 - as other languages name functions
        self, context: Context, id: str, colour: Colour, made_on: date, parts: list[Part], wheels: int = 4
    ) -> Car:
        car = Car(id=id, colour=colour, made_on=made_on, wheels=wheels, note=None, parts=tuple(parts))
        await context.stub.put_state(id, car.model_dump_json(by_alias=True).encode())
        context.set_event("Built", {"id": id})
        return car

    @query
    async def read(self, context: Context, id: str) -> Car:
        found = await context.stub.get_state(id)
        if found is None:
            raise NotFound(f"there is no car {id}", id=id)
        return Car.model_validate_json(found)

    @query
    async def find(self, context: Context, ids: list[str]) -> list[Car | None]:
        found = [await context.stub.get_state(id) for id in ids]
        return [Car.model_validate_json(each) if each else None for each in found]

    @query
    async def label(self, context: Context, id: str, prefix: str = "car") -> str:
        return f"{prefix} {id}"

    @transaction(private=True)
    async def whisper(self, context: Context, id: str, word: str) -> int:
        await context.stub.put_state(f"heard-{id}", b"1")
        return len(word)


class Garages(Contract):
    name = "org.example.garages"

    @query
    async def sizes(self, context: Context) -> dict[str, int]:
        return {"small": 1, "large": 4}


def _organization(name: str, msp_id: str) -> Organization:
    return Organization(name=name, msp_id=msp_id, title=name, role="member", users=(User(name="user1"),))


TOY = HostedConsortium(
    ConsortiumDefinition(
        organizations=(_organization("org1", "Org1MSP"), _organization("org2", "Org2MSP")),
        channels=(
            ChannelDefinition(
                name="mychannel",
                members=("org1", "org2"),
                chaincodes=(ChaincodeDefinition(name="toy", policy="AND('Org1MSP.peer','Org2MSP.peer')"),),
            ),
        ),
    ),
    lambda: [Chaincode("toy", [Cars(), Garages()], title='Toys "R"\nus', version="1")],
)


def chaincode() -> Chaincode:
    """What a server serves."""
    return TOY.chaincodes()[0]
