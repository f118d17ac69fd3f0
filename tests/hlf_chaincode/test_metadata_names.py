"""Names in metadata: a user's own are kept, what pydantic makes up is named as a person would."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

from pydantic import BaseModel

from hlf_chaincode.contract import Chaincode, Context, Contract, query

ItemT = TypeVar("ItemT")


class Car(BaseModel):
    colour: str


class My_Boat(BaseModel):  # noqa: N801 - a user's own name
    length: int


class Page(BaseModel, Generic[ItemT]):
    items: list[ItemT]


class Pages(Contract):
    @query
    async def cars(self, context: Context) -> Page[Car]:
        raise NotImplementedError

    @query
    async def either(self, context: Context) -> Page[Car | My_Boat]:
        raise NotImplementedError

    @query
    async def pages(self, context: Context) -> Page[Page[Car]]:
        raise NotImplementedError

    @query
    async def words(self, context: Context) -> Page[str]:
        raise NotImplementedError


def test_generic_models_have_names_without_brackets() -> None:
    metadata = json.loads(Chaincode("pages", [Pages()]).metadata)
    components = metadata["components"]["schemas"]
    assert components.keys() == {"Car", "My_Boat", "CarPage", "CarPagePage", "Page", "StrPage"}
    assert components["CarPagePage"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/CarPage"}
    assert components["CarPage"]["title"] == "CarPage"
    returned = {each["name"]: each["returns"]["$ref"] for each in metadata["contracts"]["Pages"]["transactions"]}
    assert returned["either"] == "#/components/schemas/Page"
