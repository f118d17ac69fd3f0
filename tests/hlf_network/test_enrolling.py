"""An organisation's material from its Fabric CA: what the command writes, the driver takes as brought material."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from tests.hlf_client.ca.servers import ADMIN, SECRET, RunningCa

from eximledger_network import default_consortium
from hlf_chaincode.creator import creator_of
from hlf_client.identity import read_identity
from hlf_network.consortium import Consortium
from hlf_network.material.crypto import ensure_certificates
from hlf_network.material.enrolling import main
from hlf_network.material.layout import Layout


def bringing(consortium: Consortium, name: str, folder: Path) -> Consortium:
    owners = [
        one.model_copy(update={"material": folder}) if one.name == name else one for one in consortium.organizations
    ]
    return consortium.model_copy(update={"organizations": tuple(owners)})


def test_what_a_fabric_ca_issues_is_what_material_wants(
    fabric_ca: RunningCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    consortium, folder, roots = default_consortium(), tmp_path / "safe", tmp_path / "roots.pem"
    written = tmp_path / "consortium.yaml"
    written.write_text(yaml.safe_dump(consortium.model_dump(mode="json", exclude_none=True)))
    roots.write_bytes(fabric_ca.roots or b"")
    arguments = [str(written), "safe", str(folder), "--ca", fabric_ca.url]
    arguments += ["--roots", str(roots)] if fabric_ca.roots else []
    assert main(arguments) == 1
    assert "HLF_CA_SECRET is not set" in capsys.readouterr().err
    monkeypatch.setenv("HLF_CA_SECRET", "wrong")
    assert main(arguments) == 1
    assert "Authentication failure" in capsys.readouterr().err
    monkeypatch.setenv("HLF_CA_SECRET", SECRET)
    assert main([*arguments, "--registrar", ADMIN]) == 0
    safe = consortium.organization("safe")
    brought = bringing(consortium, "safe", folder)
    ensure_certificates(brought, Layout.of(brought, tmp_path / "network"))
    for user in safe.users:
        identity = read_identity(safe.msp, folder / "users" / user.name / "msp")
        attributes = creator_of(safe.msp, identity.certificate).attributes
        assert {key: attributes[key] for key in user.attributes} == user.attributes

    capsys.readouterr()
    assert main(arguments) == 0
    assert capsys.readouterr().out == ""
    shutil.rmtree(folder / "users/admin/msp")
    assert main(arguments) == 0
    assert capsys.readouterr().out.strip() == str(folder / "users/admin/msp/signcerts/cert.pem")
    ensure_certificates(brought, Layout.of(brought, tmp_path / "network"))
