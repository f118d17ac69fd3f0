"""Revocation lists on disk and in a channel's configuration.

Real nodes refuse by them in tests/fabric/test_revocation.py.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger_network import default_consortium
from eximledger_network.cli import network
from hlf_chaincode.protos.common.configtx_pb2 import Config
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_client.errors import InvalidDocument
from hlf_client.identity import RevocationList, load_certificate
from hlf_network.channels.config import ChannelSettings, MemberConfig, channel_group
from hlf_network.channels.update import compute_update
from hlf_network.consortium import Consortium
from hlf_network.errors import NetworkError
from hlf_network.material.crypto import ensure_certificates, renew_certificates, revoke_certificate
from hlf_network.material.layout import Layout
from hlf_network.proposals.changes.wanted import desired_config

CERTIFICATE, KEY = "msp/signcerts/cert.pem", "msp/keystore/key.pem"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Consortium, Layout]:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path)
    ensure_certificates(consortium, layout)
    return consortium, layout


def test_a_revoked_user_comes_back_only_when_reissued(made: tuple[Consortium, Layout]) -> None:
    consortium, layout = made
    bank = consortium.organization("eximbank")
    folder = layout.user(bank, "maker")
    before = [(folder / name).read_bytes() for name in (CERTIFICATE, KEY)]
    assert revoke_certificate(consortium, bank, layout, "maker", reissue=False) == (folder / CERTIFICATE,)
    later = datetime.now(UTC) + timedelta(days=400)
    renewed = renew_certificates(consortium, layout, within_days=500)
    assert folder / "tls/client.crt" in renewed
    assert folder / CERTIFICATE not in {*renewed, *ensure_certificates(consortium, layout, now=later)}
    assert [(folder / name).read_bytes() for name in (CERTIFICATE, KEY)] == before
    revoke_certificate(consortium, bank, layout, "maker", reissue=True)
    certificate, key = ((folder / name).read_bytes() for name in (CERTIFICATE, KEY))
    assert key != before[1]
    listed = RevocationList.parse(layout.revocation_list(bank).read_bytes())
    assert listed.number == 2
    assert listed.names(load_certificate(before[0]))
    assert not listed.names(load_certificate(certificate))
    assert load_certificate(certificate).subject == load_certificate(before[0]).subject


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_reads_the_list_and_finds_the_certificate_on_it(made: tuple[Consortium, Layout]) -> None:
    consortium, layout = made
    bank = consortium.organization("eximbank")
    revoke_certificate(consortium, bank, layout, "maker", reissue=False)
    own = layout.organization(bank)
    for user, words in (("maker", "certificate revoked"), ("checker", "OK")):
        leaf = layout.user(bank, user) / CERTIFICATE
        command = [
            "openssl",
            "verify",
            "-crl_check",
            "-CAfile",
            own / "ca/cert.pem",
            "-CRLfile",
            own / "msp/crls/ca.pem",
        ]
        done = subprocess.run([*map(str, command), str(leaf)], capture_output=True, text=True, check=False)
        assert words in done.stdout + done.stderr


def test_every_node_of_the_organisation_has_the_list_in_its_folder(made: tuple[Consortium, Layout]) -> None:
    consortium, layout = made
    bank = consortium.organization("eximbank")
    stale = revoke_certificate(consortium, bank, layout, "admin", reissue=True)
    copies = set(layout.organization(bank).glob("*/*/msp/crls/ca.pem"))
    assert set(stale) == copies
    assert layout.node(bank, bank.peers[0]) / "msp/crls/ca.pem" in copies
    assert {path.read_bytes() for path in copies} == {layout.revocation_list(bank).read_bytes()}
    assert not list(layout.organization(consortium.organization("safe")).rglob("crls"))


def test_nobody_is_revoked_by_mistake(made: tuple[Consortium, Layout], tmp_path: Path) -> None:
    consortium, layout = made
    bank = consortium.organization("eximbank")
    with pytest.raises(InvalidDocument, match="no user or peer 'orderer0': it has admin, checker, maker, peer0"):
        revoke_certificate(consortium, bank, layout, "orderer0", reissue=True)
    for needed in ("admin", "peer0"):
        with pytest.raises(InvalidDocument, match="--reissue"):
            revoke_certificate(consortium, bank, layout, needed, reissue=False)
    elsewhere = bank.model_copy(update={"material": tmp_path})
    with pytest.raises(NetworkError, match="brings its own certificates"):
        revoke_certificate(consortium, elsewhere, layout, "maker", reissue=True)
    assert not layout.revocation_list(bank).exists()
    result = CliRunner().invoke(network, ["revoke", "maker"])
    assert (result.exit_code, "eximbank/maker" in result.stderr) == (2, True)


def settings(*revoked: bytes) -> ChannelSettings:
    """A channel of two members, the first of which also orders and has these lists."""
    first = MemberConfig("AMSP", (b"root",), (b"tls",), revocation_lists=revoked)
    second = MemberConfig("BMSP", (b"root",), (b"tls",))
    return ChannelSettings(
        name="ch",
        members=(first, second),
        orderer_members=(first,),
        consenters=(),
        bft=False,
        batch_timeout="1s",
        batch_messages=10,
        batch_preferred_bytes=100,
        batch_absolute_bytes=1000,
        policies=dict.fromkeys(("Readers", "Writers", "Admins", "Endorsement", "LifecycleEndorsement"), "ANY Readers"),
        channel_capability="V3_0",
        orderer_capability="V2_0",
        application_capability="V2_5",
    )


def test_a_list_changes_the_organisations_msp_wherever_it_stands_and_nothing_else() -> None:
    config = Config(channel_group=channel_group(settings()))
    update = compute_update("ch", config, desired_config(config.channel_group, settings(b"list")))
    assert update is not None
    for part in ("Application", "Orderer"):
        groups = update.write_set.groups[part].groups
        assert set(groups) == {"AMSP"}
        assert set(groups["AMSP"].values) == {"MSP"}
        msp = FabricMSPConfig.FromString(MSPConfig.FromString(groups["AMSP"].values["MSP"].value).config)
        assert (list(msp.revocation_list), msp.name, msp.fabric_node_ous.enable) == ([b"list"], "AMSP", True)


def test_a_list_that_stands_there_is_no_update_and_a_new_channel_begins_with_it() -> None:
    config = Config(channel_group=channel_group(settings(b"list")))
    assert compute_update("ch", config, desired_config(config.channel_group, settings(b"list"))) is None
    assert compute_update("ch", config, desired_config(config.channel_group, settings())) is None
