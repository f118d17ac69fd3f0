"""A channel's first block as JSON: everything that the network put into it can be read there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hlf_client.errors import InvalidDocument
from hlf_client.wire.plain import block_json, config_json
from hlf_network._session import Session
from hlf_network.channels.config import genesis_block
from hlf_network.consortium import Consensus, Consortium

Variant = Callable[..., Consortium]
OfflineSession = Callable[[Consortium, Path], Session]


@pytest.mark.parametrize("consensus", [Consensus.RAFT, Consensus.BFT])
def test_a_configuration_is_told_whole(
    variant: Variant, offline: OfflineSession, tmp_path: Path, consensus: Consensus
) -> None:
    consortium = variant("exim", four_orderers=True, consensus=consensus)
    session = offline(consortium, tmp_path / "n")
    channel = next(each for each in consortium.channels if each.name == "bank")
    stored = genesis_block(session.channel_settings(channel)).SerializeToString()
    told: Any = config_json(stored)
    json.dumps(told)
    group = told["channel_group"]
    assert group["values"]["HashingAlgorithm"]["value"] == {"name": "SHA256"}
    application, orderer = group["groups"]["Application"], group["groups"]["Orderer"]
    assert application["policies"]["Readers"] == {"policy": "ANY Readers", "version": 0, "mod_policy": "Admins"}
    msp = application["groups"]["SafeMSP"]["values"]["MSP"]["value"]
    assert msp["name"] == "SafeMSP"
    assert msp["root_certs"][0]["pem"].startswith("-----BEGIN CERTIFICATE-----")
    assert msp["fabric_node_ous"]["admin"] == "admin"
    assert application["groups"]["SafeMSP"]["policies"]["Admins"]["policy"] == "AND('SafeMSP.admin')"
    assert orderer["values"]["BatchTimeout"]["value"] == {"timeout": "150ms"}
    kind = orderer["values"]["ConsensusType"]["value"]
    if consensus is Consensus.RAFT:
        assert len(kind["metadata"]["consenters"]) == 4
    else:
        assert kind["metadata"]["request_batch_max_interval"]
        assert len(orderer["values"]["Orderers"]["value"]["consenter_mapping"]) == 4
        quorum = orderer["policies"]["BlockValidation"]["policy"]
        assert (quorum["n"], {each["msp_id"] for each in quorum["out_of"]} >= {"SafeMSP"}) == (3, True)
    block: Any = block_json(stored)
    assert block["number"] == 0
    assert block["transactions"][0]["channel_group"] == group


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_fail_otherwise(data: bytes) -> None:
    for read in (block_json, config_json):
        try:
            json.dumps(read(data))
        except InvalidDocument:
            continue
