"""Generated clients: strict mypy takes them, and what is called through them arrives and comes back typed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.hlf_client.typed.toy import TOY

from eximledger.consortium import EXIM
from eximledger_chaincode.contracts import exim
from hlf_client.errors import InvalidDocument, NotFound
from hlf_client.testing import LedgerNetwork
from hlf_client.typed import GET_METADATA, client_module

ROOT = Path(__file__).parents[3]
TOY_CLIENT = client_module(TOY.chaincodes()[0].metadata, "toy")


def written(text: str, path: Path) -> ModuleType:
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where pydantic looks for what a module names
    spec.loader.exec_module(module)
    return module


def typed_strictly(path: Path, program: str = "") -> str:
    """What mypy --strict says of a module, and of a program beside it that uses it."""
    files = [path]
    if program:
        files.append(path.with_name("program.py"))
        files[-1].write_text(program)
    places = [ROOT / "chaincode", ROOT / "client", path.parent]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MYPYPATH": ":".join(map(str, places))},
        cwd=path.parent,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def toy_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("toy") / "toy_client.py"
    path.write_text(TOY_CLIENT)
    return path


PROGRAM = """
from datetime import date
from typing import assert_type
from hlf_client import Ledger
from hlf_client.typed import Done
from toy_client import Car, Part, Toy

async def use(ledger: Ledger) -> None:
    toy = Toy(ledger, "mychannel")
    built = await toy.cars.build_car("1", "red", date(2026, 1, 2), [Part(name="door")])
    assert_type(built, Done[Car])
    assert_type(await toy.cars.find(["1"]), tuple[Car | None, ...])
    assert_type(await toy.cars.label("1"), str)
    assert_type(await toy.org_example_garages.sizes(), dict[str, int])
    await toy.cars.build_car("1", "green", date(2026, 1, 2), [])
"""


@pytest.mark.slow
def test_strict_mypy_takes_a_toys_client_and_finds_a_wrong_call(toy_path: Path) -> None:
    said = typed_strictly(toy_path, PROGRAM)
    assert 'Argument 2 to "build_car" of "CarsCalls" has incompatible type' in said
    assert "Found 1 error in 1 file" in said


@pytest.mark.slow
def test_strict_mypy_takes_the_client_of_a_large_chaincode(tmp_path: Path) -> None:
    path = tmp_path / "exim_client.py"
    path.write_text(client_module(exim().metadata, "exim"))
    assert "Success" in typed_strictly(path)


async def test_calls_through_a_toys_client_arrive_and_come_back_typed(toy_path: Path) -> None:
    made: Any = written(TOY_CLIENT, toy_path)
    network = LedgerNetwork(TOY, chaincode="toy")
    ledger = network.connect("org1")
    toy = made.Toy(ledger, "mychannel")
    part = made.Part(name="door", from_="Tongren")
    done = await toy.cars.build_car("c1", "red", date(2026, 11, 28), [part])
    assert done.block_number > 0
    assert done.result == made.Car(id="c1", colour="red", made_on=date(2026, 11, 28), wheels=4, parts=(part,))
    assert done.result.parts[0].from_ == "Tongren"
    assert (await toy.cars.build_car("c2", "blue", date(2026, 1, 2), [], 3)).result.wheels == 3
    assert await toy.cars.read("c1") == done.result
    assert [each and each.id for each in await toy.cars.find(["c2", "c3"])] == ["c2", None]
    assert await toy.cars.label("c1") == "car c1"
    assert await toy.cars.label("c1", "old") == "old c1"
    assert await toy.org_example_garages.sizes() == {"small": 1, "large": 4}
    with pytest.raises(NotFound, match="there is no car c9"):
        await toy.cars.read("c9")
    network.close()


async def test_a_private_function_is_called_by_transient_alone(toy_path: Path) -> None:
    made: Any = written(TOY_CLIENT, toy_path)
    network = LedgerNetwork(TOY, chaincode="toy")
    ledger = network.connect("org1")
    whispered = await made.Toy(ledger, "mychannel").cars.whisper("c1", "secret")
    assert whispered.result == 6
    with pytest.raises(InvalidDocument, match="private"):
        await ledger.submit("mychannel", "cars:whisper", "c1", "secret")
    network.close()


async def test_calls_through_our_own_chaincodes_client(tmp_path: Path) -> None:
    network = LedgerNetwork(EXIM, chaincode="exim")
    ledger = network.connect("eximbank")
    metadata = await ledger.evaluate("bank", GET_METADATA)
    made: Any = written(client_module(metadata, "exim"), tmp_path / "own_client.py")
    bank = made.Exim(ledger, "bank")
    members = await bank.consortium.members()
    assert {each.msp_id for each in members} >= {"EximbankMSP", "SafeMSP"}
    assert (await made.Exim(ledger, "customs").consortium.floors()) is not None
    network.close()


def test_a_result_of_another_version_is_refused_by_field(toy_path: Path) -> None:
    made: Any = written(toy_path.read_text(), toy_path)
    reader = made._read_0
    with pytest.raises(InvalidDocument, match=r"result\.made_on") as refused:
        reader(b'{"id": "c1", "colour": "red", "made_on": "never", "wheels": 4}')
    assert refused.value.field == "result.made_on"


# -- what other languages' contract APIs write -------------------------------------------------------------------------

NODE = {
    "$schema": "https://hyperledger.github.io/fabric-chaincode-node/main/api/contract-schema.json",
    "info": {"title": "node", "version": ""},
    "contracts": {
        "AssetContract": {
            "name": "AssetContract",
            "transactions": [
                {"name": "Create Asset!", "tag": ["submitTx"], "parameters": [{"name": "class"}]},
                {"name": "CreateAsset", "tag": ["submitTx"]},
                {"name": "value", "tag": ["EVALUATE"], "returns": [{"name": "success", "schema": {"type": "number"}}]},
                {"name": "read", "tag": ["EVALUATE"], "returns": {"type": "string"}},
                {"name": "other", "tag": ["EVALUATE"], "returns": {"$ref": "#/components/schemas/No-Such"}},
            ],
        },
        "org.hyperledger.fabric": {"transactions": [{"name": "GetMetadata"}]},
    },
    "components": {"schemas": {"my-asset": {"properties": {"copy": {"type": "string"}, "2nd": {"type": "integer"}}}}},
}  # fmt: skip


class _Answering:
    """A ledger that gives one answer and keeps what it was called with."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.called: list[tuple[object, ...]] = []

    async def evaluate(self, *called: object, **_: object) -> bytes:
        self.called.append(called)
        return self.answer


async def test_metadata_of_the_node_api_makes_a_client(tmp_path: Path) -> None:
    made: Any = written(client_module(json.dumps(NODE).encode(), "basic"), tmp_path / "node_client.py")
    assert {"create_asset", "create_asset2", "value", "read"} <= set(dir(made.AssetContractCalls))
    assert made.MyAsset.model_validate({"copy": "a", "2nd": 2}).n2nd == 2
    plain = _Answering(b"no quotes")
    assert await made.Basic(plain, "c").asset_contract.read() == "no quotes"
    assert plain.called == [("c", "AssetContract:read")]
    assert await made.Basic(_Answering(b"1.5"), "c").asset_contract.value() == 1.5


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (b"no", "not JSON"),
        (b"[]", "is no JSON object"),
        (b"{}", "names no function"),
        (b'{"contracts": {"a": {"transactions": [{}]}}}', "has no name"),
        (b'{"contracts": {"a": {"transactions": {}}}}', "names no function"),
        (b'{"contracts": {"a": {"transactions": "x"}}}', "no list"),
    ],
)
def test_what_is_no_metadata_is_refused(metadata: bytes, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        client_module(metadata, "x")


def test_names_of_others_cannot_write_code(tmp_path: Path) -> None:
    hostile = '"""\nraise SystemExit(7)\n"""'
    metadata = {
        "info": {"title": hostile, "version": hostile},
        "contracts": {hostile: {"transactions": [{"name": hostile, "parameters": [
            {"name": hostile, "schema": {"type": "string", "enum": [hostile]}}]}]}},
        "components": {"schemas": {hostile: {"description": hostile, "properties": {hostile: {"type": "string"}}}}},
    }  # fmt: skip
    written(client_module(json.dumps(metadata).encode(), hostile), tmp_path / "hostile_client.py")
