"""What `import hlf_client` offers, and nothing more, and that no other import is needed for it."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import hlf_client
import hlf_client.sync


@pytest.mark.parametrize(
    "program",
    [
        # only who asks for the gateway loads gRPC
        "import sys, hlf_client.sync as s; assert 'grpc' not in sys.modules; s.gateway.GatewayLedger",
        "import hlf_client; hlf_client.sync.gateway.GatewayLedger",
    ],
)
def test_the_synchronous_gateway_needs_no_import_of_its_own(program: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("module", [hlf_client, hlf_client.sync])
def test_dir_shows_public_names_only(module: ModuleType) -> None:
    names: list[str] = module.__all__
    for name in names:
        assert getattr(module, name) is not None  # all are loaded, and the modules behind them
    assert dir(module) == sorted(names)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        module.nothing  # noqa: B018
