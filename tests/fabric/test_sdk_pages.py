"""docs/sdk on real Fabric: every Python block of every page that is not about a web framework, as it stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from tests.docs.snippets import DOCS, pages, run_page
from tests.fabric.consortium import Members
from tests.fabric.trade import DONGYU
from tests.hlf_client.identity.vault import running_vault
from tests.softhsm import SoftHsm

from eximledger.formats import read
from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration
from hlf_chaincode.canonical import canonical_json
from hlf_client.identity import generate_key

pytestmark = pytest.mark.fabric

FRAMEWORKS: Final = {"fastapi.md", "django.md"}
_numbers = count(1)

Given = Callable[[], dict[str, object]]


def papers() -> dict[str, object]:
    """What a page's reader has at hand: papers that no other test files."""
    number = next(_numbers)
    (declaration,) = [
        one
        for one in read(DONGYU / "customs" / "declarations-2026.csv").documents[:1]
        if isinstance(one, ExportDeclaration)
    ]
    (invoice,) = read(DONGYU / "eximbank" / "invoice-DY-CI-260401-05.xml").documents
    own = declaration.model_copy(update={"declaration_number": f"22482026022{number:07}"})
    return {
        "declaration": own,
        "amended": own.model_copy(update={"status": DeclarationStatus.AMENDED}),
        "invoice": canonical_json(invoice.model_copy(update={"invoice_number": f"PAGE-{number}"})),
    }


@pytest.fixture
def reader(members: Members, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the reader stands: beside the network's, with a PKCS#12 file of customs' officer."""
    network = members.network.layout.root
    (tmp_path / "exim-network").symlink_to(network, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    officer = network / "organizations" / "customs" / "users" / "officer" / "msp"
    key = load_pem_private_key((officer / "keystore" / "key.pem").read_bytes(), None)
    certificate = (officer / "signcerts" / "cert.pem").read_bytes()
    content = pkcs12.serialize_key_and_certificates(
        b"officer",
        key,  # type: ignore[arg-type]  # an elliptic-curve key
        load_pem_x509_certificate(certificate),
        None,
        BestAvailableEncryption(b"its password"),
    )
    (tmp_path / "officer.p12").write_bytes(content)
    (tmp_path / "officer.pem").write_bytes(certificate)
    return tmp_path


@pytest.mark.parametrize("page", sorted(set(pages("sdk")) - FRAMEWORKS - {"ca.md", "hsm.md"}))
def test_a_page_runs_as_written(reader: Path, page: str) -> None:
    run_page(DOCS / "sdk" / page, **papers())


def test_the_page_on_hsms_runs_as_written(reader: Path, softhsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = reader / "exim-network" / "organizations" / "customs" / "users" / "officer" / "msp"
    softhsm.keep("officer", "0f", (officer / "keystore" / "key.pem").read_bytes())
    monkeypatch.setenv("HSM_LIBRARY", str(softhsm.library))
    monkeypatch.setenv("HSM_PIN", softhsm.pin)
    monkeypatch.setenv("VAULT_TOKEN", "s.maker")
    with running_vault() as vault:
        monkeypatch.setenv("VAULT_ADDR", vault.url)
        key = load_pem_private_key((officer / "keystore" / "key.pem").read_bytes(), None)
        vault.keys["officer"] = [generate_key(), key]  # type: ignore[list-item]  # an elliptic-curve key
        run_page(DOCS / "sdk" / "hsm.md", **papers())
