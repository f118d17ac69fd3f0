"""docs/toolkit/first-contract.md on real Fabric, every block as it stands: the project, its network, client, upgrade.

On its network also what docs/toolkit/hlf.md begins with, and the typed client.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.shell import Shell, shell_blocks
from tests.docs.snippets import DOCS, run_page

from hlf_network.consortium import load_consortium
from hlf_network.testing import missing_for

pytestmark = pytest.mark.fabric

MADE, UP, CALLED, READ, UPGRADED, DOWN = shell_blocks(DOCS / "toolkit/first-contract.md")
ASKED = shell_blocks(DOCS / "toolkit/hlf.md")[0]
(GENERATED,) = shell_blocks(DOCS / "toolkit/typed-clients.md")


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """In the project, whose test has passed."""
    shell = Shell(tmp_path)
    assert "1 passed" in shell.run(MADE)
    if reason := missing_for(load_consortium(tmp_path / "basic/consortium.yaml")):
        pytest.skip(reason)
    try:
        yield shell
    finally:
        shell.run(DOWN)


def test_the_pages_on_peers(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    project = shell.folder / "basic"
    assert "basic 1.0" in shell.run(UP)
    assert "a1 is Org1MSP's since block" in shell.run(CALLED)
    told = shell.run(READ)
    assert '"owner":"Org2MSP"' in told
    assert '"assets:transfer"' in told
    refused = shell.run("hlf submit mychannel assets:transfer a1 Org1MSP --json || true")
    assert json.loads(refused)["error"] == "NotAuthorized"
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(project)
    shell.run(GENERATED)
    assert run_page(DOCS / "toolkit/typed-clients.md")["asset"].owner == "Org1MSP"  # type: ignore[attr-defined]
    sys.modules.pop("basic_client")
    contract = project / "basic/contract.py"
    contract.write_text(contract.read_text().replace("colour: str\n", 'colour: str\n    weight: str = "unknown"\n'))
    assert "basic 1.1" in shell.run(UPGRADED)
    (project / "profiles").symlink_to(project / "basic-network/profiles")
    answer = json.loads(shell.run(ASKED))
    assert answer == {"id": "a1", "colour": "blue", "value": 5, "owner": "Org2MSP", "weight": "unknown"}
