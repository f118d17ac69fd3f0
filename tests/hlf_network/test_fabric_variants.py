"""The same consortium otherwise: ordered by BFT, and on Fabric 2.5."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eximledger.proof import Authorities
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.wire.evidence import BlockEvidence, OrderedBlock, read_block, verify_block
from hlf_network.consortium import Consensus, Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.testing import GatewayCaller

pytestmark = pytest.mark.fabric

Variant = Callable[..., Consortium]
BringUp = Callable[[Consortium, Path], AbstractContextManager[Network]]


def test_bft_orders_also_when_one_of_four_is_down(variant: Variant, bring_up: BringUp, tmp_path: Path) -> None:
    consortium = variant("exim-bft", four_orderers=True, consensus=Consensus.BFT)
    with bring_up(consortium, tmp_path / "bft") as network:
        assert network.status().is_healthy
        caller = GatewayCaller(network, "customs", "officer")
        assert caller.submit_when_discovered("customs", "put", "four", "up").result == b"up"
        a_quorum_of_consenters_signs_every_block(network)
        engine = Engine.connect("exim-bft")
        try:
            engine.kill("exim-bft-orderer0.notary")
        finally:
            engine.close()
        assert caller.submit_when_discovered("customs", "put", "three", "up").result == b"up"
        assert network.up().changes == ("exim-bft-orderer0.notary started",)


def a_quorum_of_consenters_signs_every_block(network: Network) -> None:
    layout, owners = network.layout, network.consortium.organizations
    authorities = Authorities.read((owner.msp, layout.msp(owner)) for owner in owners)

    def verified(block: BlockEvidence, config: BlockEvidence) -> OrderedBlock:
        return verify_block(block, config, authorities.trust(), datetime.now(UTC))

    block, config = asyncio.run(_last_block_and_its_configuration(network, "customs"))
    assert verified(block, config).signed_by
    with pytest.raises(InvalidDocument, match="too few"):
        verified(replace(block, signatures=block.signatures[:2]), config)
    with pytest.raises(InvalidDocument, match="signature"):
        verified(replace(block, previous_hash=bytes(32)), config)
    strangers = Authorities.read([("SafeMSP", layout.msp(network.consortium.organization("safe")))])
    with pytest.raises(NotAuthorized):
        verify_block(block, config, strangers.trust(), datetime.now(UTC))


async def _last_block_and_its_configuration(network: Network, channel: str) -> tuple[BlockEvidence, BlockEvidence]:
    profile = Profile.find(network.layout.root / "profiles", "customs")
    async with GatewayLedger.connect(profile, profile.identity("officer"), chaincode="exim") as ledger:
        height = (await ledger.channel_info(channel)).height
        block = read_block(await ledger.stored_block(channel, height - 1))
        return block, read_block(await ledger.stored_block(channel, block.last_config))


def test_fabric_2_5_with_raft(variant: Variant, bring_up: BringUp, tmp_path: Path) -> None:
    with bring_up(variant("exim-lts", fabric="2.5.15"), tmp_path / "lts") as network:
        status = network.status()
        assert status.is_healthy
        assert {channel.sequence for channel in status.channels} == {1}
        for channel, organization in (("customs", "customs"), ("fx", "eximbank"), ("bank", "tradebank")):
            caller = GatewayCaller(network, organization)
            assert caller.submit_when_discovered(channel, "put", "on", "2.5").result == b"2.5"
        assert network.up().changes == ()


def test_an_organisation_whose_certificates_intermediate_authorities_issued(
    variant: Variant,
    by_intermediates: Callable[[Consortium, str, Path], Consortium],
    bring_up: BringUp,
    tmp_path: Path,
) -> None:
    consortium = by_intermediates(variant("exim-below"), "safe", tmp_path / "elsewhere")
    with bring_up(consortium, tmp_path / "below") as network:
        assert network.status().is_healthy
        for organization in ("safe", "customs"):  # its own clients, and another member whose write its peer endorses
            caller = GatewayCaller(network, organization)
            assert caller.submit_when_discovered("customs", "put", "from", organization).result == organization.encode()
        assert network.up().changes == ()
