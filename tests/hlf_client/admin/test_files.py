"""What an administrator brings as files: collections, packages; and keys that are elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import CommitChaincodeDefinitionArgs
from hlf_client.admin import (
    CHANNELS_OWN,
    ChaincodePackage,
    Collection,
    Definition,
    MspSignatory,
    ServerConnection,
    package_chaincode,
    read_collections,
)
from hlf_client.admin.lifecycle import filled
from hlf_client.errors import InvalidDocument
from hlf_client.identity import (
    CertificateAuthority,
    Ed25519Signer,
    Identity,
    PrivateKeySigner,
    Subject,
    generate_key,
    verify_message,
)
from hlf_client.wire.plain import collections_json, endorsement_text

FILE: list[dict[str, object]] = [
    {
        "name": "prices",
        "policy": "OR('MillMSP.member')",
        "requiredPeerCount": 1,
        "maxPeerCount": 2,
        "blockToLive": 9,
        "memberOnlyRead": True,
        "memberOnlyWrite": False,
        "endorsementPolicy": {"signaturePolicy": "OR('MillMSP.peer')"},
    },
    {"name": "sums", "policy": "OR('MillMSP.member')"},
]


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_fabrics_collections_file_is_what_members_agree_on(tmp_path: Path) -> None:
    prices, sums = read_collections(written(tmp_path / "collections.json", FILE))
    assert prices == Collection("prices", "OR('MillMSP.member')", "OR('MillMSP.peer')", 1, 2, 9, True, False)
    assert (sums.endorsement, sums.maximum_peers, sums.member_only_read) == (None, 0, False)
    definition = Definition("grain", "1", 3, CHANNELS_OWN, (prices, sums), init_required=True)
    arguments = filled(CommitChaincodeDefinitionArgs(), definition)
    assert (arguments.sequence, arguments.init_required) == (3, True)
    assert endorsement_text(arguments.validation_parameter) == CHANNELS_OWN
    told = collections_json(arguments.collections)[0]
    assert told == {**FILE[0], "policy": "AND('MillMSP.member')", "endorsementPolicy": "AND('MillMSP.peer')"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "not a list"),
        ([1], "not a list"),
        ([{"name": "a"}], "without a name or a policy"),
        ([{"name": "a", "policy": "p", "maxPeers": 1}], "maxPeers"),
        ([{"name": "a", "policy": "p", "maxPeerCount": "1"}], "maxPeerCount that is no int"),
        ([{"name": "a", "policy": "p", "maxPeerCount": True}], "maxPeerCount that is no int"),
    ],
)
def test_a_wrong_collections_file_is_told_by_field(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read_collections(written(tmp_path / "collections.json", content))


def test_a_package_is_read_back_with_its_id(tmp_path: Path) -> None:
    made = package_chaincode("grain_1", ServerConnection("grain:9999"))
    (tmp_path / "grain.tar.gz").write_bytes(made.content)
    assert ChaincodePackage.read(tmp_path / "grain.tar.gz") == made
    (tmp_path / "half.tar.gz").write_bytes(made.content[: len(made.content) // 2])
    with pytest.raises(InvalidDocument, match="is no package"):
        ChaincodePackage.read(tmp_path / "half.tar.gz")


class Elsewhere:
    """A key that is asked over a network."""

    def __init__(self, signer: PrivateKeySigner) -> None:
        self._signer = signer

    async def sign(self, digest: bytes) -> bytes:
        return self._signer.sign(digest)


def test_an_administrators_key_may_be_elsewhere() -> None:
    key = generate_key()
    certificate = CertificateAuthority.create(Subject("ca", "Mill")).pem
    here = MspSignatory.of(Identity("MillMSP", certificate, PrivateKeySigner(key)))
    there = MspSignatory.of(Identity("MillMSP", certificate, Elsewhere(PrivateKeySigner(key))))
    for signatory in (here, there):
        assert verify_message(key.public_key(), signatory.sign(b"a proposal"), b"a proposal")
    other = Ed25519PrivateKey.generate()
    signatory = MspSignatory.of(Identity("MillMSP", certificate, Ed25519Signer(other)))
    other.public_key().verify(signatory.sign(b"a proposal"), b"a proposal")
