"""The conformance suite through hfc: the same network and probes as for the Gateway, reached by fabric-sdk-py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conformance.fabric import FabricProvider

from eximledger.ledger import Ledger
from eximledger.ledger.hfc import Environment, HfcLedger

__all__ = ["HfcProvider", "hfc_environment"]


class HfcProvider:
    """One test's probe, asked without the peers' gateway."""

    compares_endorsements = True

    def __init__(self, probe: FabricProvider, environment: Environment) -> None:
        self.chaincode = probe.chaincode
        self._probe = probe
        self._environment = environment

    def connect(self, identity: str) -> Ledger:
        profile, who = self._probe.who(identity)
        return HfcLedger(profile, who, chaincode=self.chaincode, environment=self._environment)


def hfc_environment(config: pytest.Config) -> Environment:
    """EXIM_HFC_HOME where it is set; otherwise one that outlives the session."""
    assert config.cache is not None
    home = os.environ.get("EXIM_HFC_HOME")
    return Environment(Path(home) if home else config.cache.mkdir("hfc") / "environment")
