"""Connection profiles, as our network and other tools write them; and what is no profile."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eximledger import connect
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.identity import CertificateAuthority, Identity, NodeRole, Subject, generate_key, private_key_pem

CONTENT: dict[str, object] = {
    "name": "test",
    "version": "1.0",
    "client": {"organization": "bank", "connection": {"timeout": {"peer": {"endorser": "30"}}}},
    "channels": {"fx": {"peers": {"peer0.bank": {"endorsingPeer": True}}}, "bank": {}},
    "organizations": {
        "bank": {"mspid": "BankMSP", "peers": ["peer0.bank", "peer1.bank"]},
        "safe": {"mspid": "SafeMSP", "peers": []},
    },
    "peers": {
        "peer0.bank": {
            "url": "grpcs://127.0.0.1:7051",
            "tlsCACerts": {"pem": "-----BEGIN CERTIFICATE-----\n"},
            "grpcOptions": {"ssl-target-name-override": "peer0.bank.internal"},
        },
        "peer1.bank": {"url": "grpc://127.0.0.1:7052"},
    },
}


def written(folder: Path, identity: Identity) -> Path:
    (folder / "cert.pem").write_bytes(identity.certificate)
    (folder / "key.pem").write_bytes(private_key_pem(generate_key()))
    content = json.loads(json.dumps(CONTENT))
    content["organizations"]["bank"]["users"] = {
        "admin": {"cert": {"path": "cert.pem"}, "key": {"path": "key.pem"}},
        "maker": {"cert": {"path": "cert.pem"}, "key": {"path": "key.pem"}},
        "keyless": {"cert": {"path": "cert.pem"}},
    }
    path = folder / "bank.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def test_a_profile_says_where_the_peers_are_and_who_acts(tmp_path: Path, identity: Identity) -> None:
    profile = Profile.read(written(tmp_path, identity))
    assert (profile.organization, profile.msp_id, profile.default_user) == ("bank", "BankMSP", "maker")
    assert list(profile.channel_names) == ["bank", "fx"]
    secure, plain = profile.endpoints()
    assert (secure.address, secure.host, secure.name) == ("127.0.0.1:7051", "peer0.bank.internal", "peer0.bank")
    assert secure.roots == b"-----BEGIN CERTIFICATE-----\n"
    assert (plain.roots, plain.host) == (None, "")
    assert profile.identity("maker").msp_id == "BankMSP"


def test_json_is_read_like_yaml() -> None:
    assert Profile.parse(json.dumps(CONTENT).encode()) == Profile.parse(yaml.safe_dump(CONTENT).encode())


async def test_connect_finds_a_members_profile_in_a_folder_and_beside_anothers(
    tmp_path: Path, identity: Identity
) -> None:
    path = written(tmp_path, identity)
    for url in (path, tmp_path):
        ledger = connect(url, "bank/maker")
        assert isinstance(ledger, GatewayLedger)
        assert (ledger.msp_id, list(ledger.channels)) == ("BankMSP", ["bank", "fx"])
        await ledger.close()
    with pytest.raises(InvalidDocument, match="no connection profile of customs"):
        connect(path, "customs")
    with pytest.raises(NotAuthorized, match="no user 'nobody'"):
        connect(path, "bank/nobody")
    with pytest.raises(NotAuthorized, match="no key for keyless"):
        connect(path, "bank/keyless")


async def test_a_profile_alone_is_enough_for_its_own_first_user(tmp_path: Path, identity: Identity) -> None:
    path = written(tmp_path, identity)
    for url in (path, str(path), tmp_path):
        async with connect(url) as ledger:
            assert (ledger.msp_id, ledger.certificate_hash) == ("BankMSP", identity.certificate_hash)
    async with GatewayLedger.connect(Profile.read(path), chaincode="exim") as ledger:
        assert ledger.certificate_hash == identity.certificate_hash
    (tmp_path / "safe.json").write_text("{}")
    with pytest.raises(InvalidDocument, match=r"has bank\.yaml, safe\.json\): name a file or a member"):
        connect(tmp_path)
    with pytest.raises(NotAuthorized, match="say in whose name"):
        connect("embedded::memory:")


def test_a_certificate_stands_in_the_profile_or_beside_it(tmp_path: Path, identity: Identity) -> None:
    content = yaml.safe_load(written(tmp_path, identity).read_bytes())
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "ca.pem").write_text("a certificate")
    content["peers"]["peer0.bank"]["tlsCACerts"] = {"path": "tls/ca.pem"}
    content["organizations"]["bank"]["users"]["inline"] = {
        "cert": {"pem": identity.certificate.decode()},
        "key": {"pem": (tmp_path / "key.pem").read_text()},
    }
    profile = Profile.parse(yaml.safe_dump(content).encode(), folder=tmp_path)
    assert profile.endpoints()[0].roots == b"a certificate"
    assert profile.identity("inline") == identity
    content["peers"]["peer0.bank"]["tlsCACerts"] = {"path": "nowhere.pem"}
    with pytest.raises(InvalidDocument, match=r"nowhere\.pem cannot be read"):
        Profile.parse(yaml.safe_dump(content).encode(), folder=tmp_path).endpoints()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client": None}, "client"),
        ({"client": {"organization": "nobody"}}, "client"),
        ({"organizations": {"bank": {}}}, "organizations.bank.mspid"),
        ({"peers": {"peer0.bank": {"url": "https://127.0.0.1"}}}, "peers.peer0.bank.url"),
        ({"peers": {}}, "peers.peer0.bank"),
        ({"peers": [1, 2]}, "peers"),
        ({"peers": {"peer0.bank": {"url": 7051}}}, "peers.peer0.bank.url"),
        ({"peers": {1: {"url": "grpc://a:1"}}}, "peers.1"),
        ({"peers": {"p": {"url": "grpc://a:1", "tlsCACerts": {"pem": ["a", 1]}}}}, "peers.p.tlsCACerts.pem.1"),
        ({"organizations": {"bank": {"mspid": "B", "peers": "peer0"}}}, "organizations.bank.peers"),
        ({"organizations": {"bank": {"mspid": "B", "users": {"a": {"key": 7}}}}}, "organizations.bank.users.a.key"),
        ({"client": {"organization": "bank", "tlsCerts": {"client": None}}}, "client.tlsCerts.client"),
        ({"channels": {"fx": {"peers": {"p": {"endorsingPeer": "perhaps"}}}}}, "channels.fx.peers.p.endorsingPeer"),
        ({"channels": {"fx": {"orderers": [None]}}}, "channels.fx.orderers.0"),
        ({"orderers": {"o": {}}}, "orderers.o.url"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        Profile.parse(yaml.safe_dump(CONTENT | change).encode()).endpoints()
    assert caught.value.field == field


def test_a_field_that_is_not_there_and_one_of_another_kind_are_told_apart() -> None:
    organizations: dict[str, object] = {"bank": {"peers": []}}
    with pytest.raises(InvalidDocument, match=r"^x\.yaml: organizations\.bank\.mspid: is missing$"):
        Profile.parse(yaml.safe_dump(CONTENT | {"organizations": organizations}).encode(), name="x.yaml")
    with pytest.raises(InvalidDocument, match=r"peers: is not a mapping but a list$"):
        Profile.parse(yaml.safe_dump(CONTENT | {"peers": [1]}).encode())


@pytest.mark.parametrize(("said", "endorses"), [(True, True), ("yes", True), (0, False), ("false", False)])
def test_a_role_is_true_or_false_in_the_words_that_tools_write(said: object, endorses: bool) -> None:
    channels = {"fx": {"peers": {"peer0.bank": {"endorsingPeer": said}, "peer1.bank": {}}}}
    found = Profile.parse(yaml.safe_dump(CONTENT | {"channels": channels}).encode()).endorsers("fx")
    names = [endpoint.name for endpoint in found["BankMSP"]]
    assert names == (["peer0.bank", "peer1.bank"] if endorses else ["peer1.bank"])


@pytest.mark.parametrize("data", [b"", b"[1]", b"a: [", b"\xff\xfe\x00", b"!!python/object:os.system x", b"x" * 100])
def test_what_is_no_profile_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        Profile.parse(data)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace")))
def test_no_bytes_make_the_reader_fail_otherwise(data: bytes) -> None:
    try:
        Profile.parse(data)
    except FabricError:
        return


def test_a_file_that_is_not_there_or_too_large_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match="cannot be read"):
        Profile.read(tmp_path / "nowhere.yaml")
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(InvalidDocument, match="too large"):
        Profile.read(big)


# -- as fabric-sdk-py has it -------------------------------------------------------------------------------------------

FOR_SDK_PY: dict[str, object] = {
    "name": "grain",
    "client": {"organization": "Mill"},
    "organizations": {
        "mill.example.com": {
            "mspid": "MillMSP",
            "peers": ["peer0.mill.example.com"],
            "users": {"Clerk": {"cert": "keys/clerk.pem", "private_key": "keys/clerk_sk"}},
        },
        "bakery.example.com": {"mspid": "BakeryMSP"},
    },
    "peers": {
        "peer0.mill.example.com": {
            "url": "localhost:7051",
            "grpcOptions": {"grpc.ssl_target_name_override": "peer0.mill.example.com"},
            "tlsCACerts": {"path": "keys/tlsca.pem"},
            "clientKey": {"path": "keys/tls_sk"},
            "clientCert": {"path": "keys/tls.pem"},
        },
    },
    "orderers": {"orderer.example.com": {"url": "localhost:7050"}},
}


def test_a_profile_of_fabric_sdk_py_is_read_as_it_is(tmp_path: Path, identity: Identity) -> None:
    key = generate_key()
    certificate = CertificateAuthority.create(Subject("ca", "Mill")).issue_tls(Subject("tls", "Mill"), key.public_key())
    (tmp_path / "keys").mkdir()
    for name, content in {
        "clerk.pem": identity.certificate, "clerk_sk": private_key_pem(generate_key()), "tlsca.pem": b"roots",
        "tls.pem": certificate, "tls_sk": private_key_pem(key),
    }.items():  # fmt: skip
        (tmp_path / "keys" / name).write_bytes(content)
    path = tmp_path / "network.json"
    path.write_text(json.dumps(FOR_SDK_PY))
    profile = Profile.read(path)
    assert (profile.msp_id, profile.default_user) == ("MillMSP", "Clerk")
    assert profile.identity("Clerk").certificate == identity.certificate
    (peer,) = profile.endpoints()
    assert (peer.address, peer.roots, peer.host) == ("localhost:7051", b"roots", "peer0.mill.example.com")
    assert (peer.certificate, peer.key) == (certificate, private_key_pem(key))
    (orderer,) = profile.ordering("trade")
    assert (orderer.address, orderer.roots) == ("localhost:7050", None)


@pytest.mark.parametrize("said", ["mill", "MillMSP", "MILL.example.com"])
def test_an_organisation_may_be_spelt_otherwise_where_one_is_meant(said: str) -> None:
    content = FOR_SDK_PY | {"client": {"organization": said}}
    assert Profile.parse(json.dumps(content).encode()).msp_id == "MillMSP"


def test_an_organisation_that_could_be_two_is_none() -> None:
    both = {"mill.example.com": {"mspid": "MillMSP"}, "mill.example.org": {"mspid": "OtherMSP"}}
    content = FOR_SDK_PY | {"organizations": both}
    with pytest.raises(InvalidDocument, match="does not describe"):
        Profile.parse(json.dumps(content).encode())


def users_of(*names: str) -> Profile:
    content = json.loads(json.dumps(CONTENT))
    pair = {"cert": {"pem": "of nobody"}, "key": {"pem": "of nobody"}}
    content["organizations"]["bank"]["users"] = dict.fromkeys(names, pair)
    return Profile.parse(json.dumps(content).encode())


@pytest.mark.parametrize(
    "administrator",
    ["admin", "Admin", "ADMIN", "Admin@bank.example", "admin1", "org1admin", "org1Admin", "bankadmin", "peer-admin",
     "ca_admin", "Administrator", "administrator@bank.example", "admins", "Org1MSP.admin"],
)  # fmt: skip
def test_an_administrator_acts_only_when_named_however_its_tool_spells_it(administrator: str) -> None:
    assert users_of(administrator, "User1").default_user == "User1"
    with pytest.raises(NotAuthorized, match="no user but administrators"):
        _ = users_of(administrator).default_user


@pytest.mark.parametrize("name", ["User1", "administrative-clerk", "badminton", "nadmine", "maker"])
def test_who_only_sounds_like_one_is_none(name: str) -> None:
    assert users_of("Admin", name).default_user == name


def test_whose_certificate_has_the_role_is_an_administrator_by_any_name(tmp_path: Path) -> None:
    root = CertificateAuthority.create(Subject("ca", "bank.example"))
    content = json.loads(json.dumps(CONTENT))
    content["organizations"]["bank"]["users"] = {}
    for name, role in (("root", NodeRole.ADMIN), ("clerk", NodeRole.CLIENT)):
        pem = root.enrol(Subject(name, "bank.example", role), generate_key().public_key())
        (tmp_path / f"{name}.pem").write_bytes(b64encode(pem) if name == "root" else pem)
        user = {"cert": {"path": f"{name}.pem"}, "key": {"path": "key.pem"}}
        content["organizations"]["bank"]["users"][name] = user
    (tmp_path / "bank.json").write_text(json.dumps(content))
    assert Profile.read(tmp_path / "bank.json").default_user == "clerk"


def test_a_profiles_pem_may_be_in_base64() -> None:
    content, key = json.loads(json.dumps(CONTENT)), generate_key()
    root = CertificateAuthority.create(Subject("ca", "bank.example"))
    pem = root.enrol(Subject("maker", "bank.example", NodeRole.CLIENT), key.public_key())
    pair = {
        "cert": {"pem": b64encode(pem).decode()},
        "key": {"pem": b64encode(private_key_pem(key)).decode()},
    }
    content["organizations"]["bank"]["users"] = {"maker": pair}
    assert Profile.parse(json.dumps(content).encode()).identity("maker").certificate == pem
