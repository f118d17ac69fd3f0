"""Whose keys sign: the file of officers, client certificates, keys elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.eximledger.server import running

from eximledger.serving.officers import Account, RemoteSigner, Roll, read_officers
from eximledger.testing import LedgerNetwork
from hlf_client import utc_now
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.identity import PrivateKeySigner, generate_key, verify_signature

FILE = """
[[officer]]
name = "li.wei"
title = "Li Wei"
signs = "eximbank/maker"
subjects = ["u-117"]
groups = ["exim-makers"]

[[officer]]
name = "hsm"
msp_id = "EximbankMSP"
certificate = "hsm.pem"
pkcs11 = { library = "/lib/softhsm.so", token = "bank", pin_file = "pin", key = "checker" }
"""


def officers(tmp_path: Path, text: str) -> Roll:
    path = tmp_path / "officers.toml"
    path.write_text(text)
    return read_officers(path, "embedded:exim.db", utc_now)


def test_a_file_says_who_signs_in_and_by_what(tmp_path: Path) -> None:
    found = officers(tmp_path, FILE)
    account = found.with_subject("u-117", ["exim-makers", "staff"])
    assert account is not None
    assert (account.name, account.called) == ("li.wei", "Li Wei")
    assert found.with_subject("u-117", ["staff"]) is None
    assert found.named("hsm") is not None
    assert found.named("nobody") is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("officer = 1", "officer"),
        ("not toml", "officers"),
        ('[[officer]]\nname = "a"', "officer.0"),
        ('[[officer]]\nname = "a"\nsigns = "x/y"\nwallet = "w"', "officer.0"),
        ('[[officer]]\nname = "a"\nwallet = "w"', "officer.0"),
        ('[[officer]]\nname = "a b"\nsigns = "x/y"', "officer.0.name"),
        ('[[officer]]\nname = "a"\nsigns = "x/y"\nstrange = 1', "officer.0.strange"),
        ('[[officer]]\nname = "a"\nsigns = "x/y"\n[[officer]]\nname = "a"\nsigns = "x/z"', "officer"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_field(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        officers(tmp_path, text)
    assert refused.value.field == field


async def test_a_client_certificate_lets_its_person_in(exim_network: LedgerNetwork) -> None:
    certificate = b"as TLS has it"
    known = Account(
        "li.wei", lambda: exim_network.connect("eximbank/checker"),
        certificates=frozenset({hashlib.sha256(certificate).hexdigest()}),
    )  # fmt: skip
    async with running(exim_network, accounts=(known,)) as server:
        client = await server.client(certificate=certificate)
        me = (await client.get("/api/v1/me")).json()
        assert (me["account"], me["signed_in_by"], me["person"]["name"]) == (
            "li.wei",
            "certificate",
            "checker@eximbank",
        )
        made = await client.post("/api/v1/me/tokens", json={"name": "core", "scopes": ["read"]})
        assert made.status_code == 201
        # a page of another site may have the browser send the certificate, but not act by it
        evil = await client.post("/api/v1/me/tokens", json={}, headers={"Origin": "https://evil.example"})
        assert evil.status_code == 403
        assert (await (await server.client(certificate=b"another")).get("/api/v1/me")).status_code == 401


async def test_a_desk_acts_as_whoever_is_signed_in(exim_network: LedgerNetwork) -> None:
    """Two persons at one server: what each asks is signed with its own key, also side by side."""
    async with running(exim_network) as server:
        for user, name in (("eximbank/maker", "maker"), ("eximbank/checker", "checker"), ("safe/officer", "officer")):
            client = await server.program(user)
            assert (await client.get("/api/v1/me")).json()["person"]["name"].startswith(name)
        assert len(server.served.desks.open_accounts) == 3
        await server.served.desks.sweep(idle=-1)
        assert not server.served.desks.open_accounts


async def test_a_key_service_signs_and_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = generate_key()
    asked: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        if request.headers.get("authorization") != "Bearer secret":
            return httpx.Response(403)
        signature = PrivateKeySigner(key).sign(base64.b64decode(asked[-1]["digest"]))
        said = {} if asked[-1]["key"] == "broken" else {"signature": base64.b64encode(signature).decode()}
        return httpx.Response(200, json=said)

    made = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **_: made(transport=httpx.MockTransport(answer)))
    (tmp_path / "token").write_text("secret\n")
    digest = hashlib.sha256(b"content").digest()
    signer = RemoteSigner("https://keys.test/sign", "checker", token_file=tmp_path / "token")
    public = key.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert verify_signature(public, await signer.sign(digest), digest)
    assert asked[0]["key"] == "checker"
    with pytest.raises(NotAuthorized):
        await RemoteSigner("https://keys.test/sign", "checker").sign(digest)
    with pytest.raises(LedgerUnavailable):
        await RemoteSigner("https://keys.test/sign", "broken", token_file=tmp_path / "token").sign(digest)
