"""Adding a kind of paper: what docs/kinds.md says that it takes, done to a copy of the packages.

Touched are the new model and the table of kinds. With the reader (where its file is not our JSON) and the kind's own
tests, that makes four places, and three fields more where a rule judges loans by it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chaincode/hlf_chaincode", "chaincode/eximledger_chaincode", "client/hlf_client", "client/eximledger")

MODEL = '''
from datetime import date
from typing import ClassVar, Literal

from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Country, Number
from eximledger_chaincode.documents.parts.index import Traits
from eximledger_chaincode.documents.parts.party import owned_id
from eximledger_chaincode.documents.parts.party import Party


class OriginCertificate(Document):
    """Where goods were made, as a chamber of commerce certifies it."""

    KIND: ClassVar[str] = "origin-certificate"

    kind: Literal["origin-certificate"] = "origin-certificate"
    certificate_number: Number
    issued_on: date
    exporter_named: Party
    origin_country: Country

    @property
    def number(self) -> str:
        return self.certificate_number

    @property
    def id(self) -> str:
        return owned_id(self.exporter_named, self.certificate_number)

    @property
    def exporter(self) -> str | None:
        return self.exporter_named.uscc

    @property
    def dated(self) -> date:
        return self.issued_on

    @property
    def traits(self) -> Traits:
        return Traits((self.origin_country,), (self.exporter_named,))
'''
IMPORT = "from eximledger_chaincode.documents.origin_certificate import OriginCertificate\n"
ROW = '    Kind(OriginCertificate, BANK, Role.BANK, Words("certificate of origin", "原产地证书")),\n'
PAPER = {
    "kind": "origin-certificate", "certificate_number": "CCPIT 26/0011", "issued_on": "2026-04-01",
    "exporter_named": {"name": "Guizhou Dongyu Electric", "uscc": "91520690MA6DX12344"}, "origin_country": "CHN",
}  # fmt: skip

WALK = """
import asyncio, json, sys
from pathlib import Path

from eximledger.desk import LoanDesk
from eximledger.formats import detect, json_schema, read
from eximledger.words import word
from eximledger.testing import exim_ledger
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint
from hlf_chaincode.errors import NotAuthorized

KIND = "origin-certificate"


async def walk(folder):
    network = exim_ledger(folder / "exim.db")
    (paper,) = read(folder / "certificate.json").documents
    bank = LoanDesk(network.connect("eximbank"))
    (filed,) = await bank.file([paper])
    found = await bank.document(KIND, "ccpit 260011")
    listed = await bank.documents(KIND, exporter=paper.exporter)
    history = await bank.history(KIND, found.id)
    try:
        await LoanDesk(network.connect("customs")).file([paper])
        refused = ""
    except NotAuthorized as error:
        refused = error.message
    await network.finish()
    network.close()
    return {
        "same": found.document == paper and history[0].document == paper,
        "collection": filed.entry.collection,
        "listed": [entry.id for entry in listed.entries],
        "refused": refused,
        "word": word(KIND, "zh"),
        "schema": json_schema(KIND)["title"],
        "described": "OriginCertificate" in json.loads(exim().metadata)["components"]["schemas"],
        "fingerprint": fingerprint(paper).kind,
        "policy": TolerancePolicy(bank="EximbankMSP", fingerprinted=(KIND,)).fingerprinted,
    }


print(json.dumps(asyncio.run(walk(Path(sys.argv[1])))))
"""


def run(arguments: list[str], packages: Path) -> str:
    path = os.pathsep.join(str(packages / each) for each in ("chaincode", "client"))
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_new_kind_takes_its_model_and_its_row(tmp_path: Path) -> None:
    for package in (
        "chaincode/hlf_chaincode",
        "chaincode/eximledger_chaincode",
        "client/hlf_client",
        "client/eximledger",
    ):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    documents = tmp_path / "chaincode" / "eximledger_chaincode" / "documents"
    (documents / "origin_certificate.py").write_text(MODEL, encoding="utf-8")
    table = (documents / "kinds.py").read_text(encoding="utf-8")
    head, tail = table.split("_TABLE: Final = (\n")
    first = "from eximledger_chaincode.documents.application"
    written = head.replace(first, IMPORT + first) + "_TABLE: Final = (\n" + ROW + tail
    (documents / "kinds.py").write_text(written, encoding="utf-8")
    (tmp_path / "certificate.json").write_text(json.dumps(PAPER), encoding="utf-8")

    found = json.loads(run(["-c", WALK, str(tmp_path)], tmp_path))
    assert found == {
        "same": True,
        "collection": "papers-EximbankMSP",
        "listed": ["91520690MA6DX12344:CCPIT 26/0011"],
        "refused": "an origin-certificate is filed by role bank on channel bank; CustomsMSP has role customs: "
        "act as another member",
        "word": "原产地证书",
        "schema": "OriginCertificate",
        "described": True,
        "fingerprint": "origin-certificate",
        "policy": ["origin-certificate"],
    }
    schema = json.loads(run(["-m", "eximledger", "document", "schema", "origin-certificate", "--json"], tmp_path))
    assert schema["properties"]["kind"]["const"] == "origin-certificate"
