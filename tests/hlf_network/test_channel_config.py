"""Genesis blocks against what Fabric's configtxgen 3.1.5 made of the same consortium, and their own invariants."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope, Payload
from hlf_client.wire.evidence import bft_quorum
from hlf_network._session import Session
from hlf_network.channels.config import genesis_block
from hlf_network.consortium import Consensus, Consortium
from hlf_network.material.crypto import ensure_certificates
from hlf_network.material.layout import Layout

HERE = Path(__file__).parent
Variant = Callable[..., Consortium]
OfflineSession = Callable[[Consortium, Path], Session]


def certificate_names(consortium: Consortium, layout: Layout) -> dict[bytes, str]:
    names = {}
    for owner in consortium.organizations:
        root = layout.organization(owner)
        names[(root / "ca/cert.pem").read_bytes()] = f"{owner.name} ca"
        names[(root / "tlsca/cert.pem").read_bytes()] = f"{owner.name} tlsca"
        for orderer in owner.orderers:
            folder = layout.node(owner, orderer)
            names[(folder / "msp/signcerts/cert.pem").read_bytes()] = f"{owner.name} orderer0"
            names[(folder / "tls/server.crt").read_bytes()] = f"{owner.name} orderer0 tls"
    return names


@pytest.mark.parametrize(
    ("golden", "changes"),
    [
        ("raft", {}),
        ("bft", {"four_orderers": True, "consensus": Consensus.BFT}),
        ("lts", {"fabric": "2.5.15"}),
    ],
)
def test_the_configuration_is_the_one_that_configtxgen_makes(
    golden: str,
    changes: dict[str, object],
    variant: Variant,
    offline: OfflineSession,
    config_reading: Callable[[bytes, dict[bytes, str]], dict[str, object]],
    tmp_path: Path,
) -> None:
    consortium = variant("exim", **changes)
    session = offline(consortium, tmp_path / "n")
    block = genesis_block(session.channel_settings(consortium.channels[0]))
    ours = config_reading(block.SerializeToString(), certificate_names(consortium, session.layout))
    official = json.loads((HERE / "golden" / f"{golden}.json").read_text())
    assert ours.keys() == official.keys()
    for path, value in official.items():
        assert ours[path] == value, path


def test_the_block_is_framed_as_fabric_checks_it(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    consortium = variant("exim")
    session = offline(consortium, tmp_path / "n")
    settings = session.channel_settings(consortium.channels[0])
    block = genesis_block(settings)
    assert block.header.number == 0
    assert block.header.data_hash == hashlib.sha256(block.data.data[0]).digest()
    assert len(block.metadata.metadata) == 5
    payload = Payload.FromString(Envelope.FromString(block.data.data[0]).payload)
    assert b"customs" in payload.header.channel_header
    again = genesis_block(settings).SerializeToString(deterministic=True)
    assert block.SerializeToString(deterministic=True) == again
    assert Block.FromString(again) == block


@pytest.mark.parametrize(("nodes", "signers"), [(1, 1), (4, 3), (5, 4), (7, 5), (10, 7)])
def test_a_bft_quorum_outvotes_a_third_of_liars(nodes: int, signers: int) -> None:
    assert bft_quorum(nodes) == signers
    faulty = (nodes - 1) // 3
    assert 2 * signers - nodes > faulty
    assert signers <= nodes - faulty


def test_certificates_are_made_once(variant: Variant, tmp_path: Path) -> None:
    consortium = variant("exim")
    layout = Layout.of(consortium, tmp_path / "n")
    assert ensure_certificates(consortium, layout)
    assert ensure_certificates(consortium, layout) == ()
