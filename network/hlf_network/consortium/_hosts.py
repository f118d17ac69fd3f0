"""Names by which a consortium's containers reach chaincode servers: certificates and packages carry them."""

from __future__ import annotations

from typing import Final

from hlf_network.consortium._members import Organization
from hlf_network.consortium._model import Chaincode

__all__ = ["HOST_GATEWAY", "chaincode_host", "chaincode_pattern"]

HOST_GATEWAY: Final = "host.docker.internal"
"""The host itself, as Docker's containers know it."""


def chaincode_host(chaincode: Chaincode, owner: Organization, version: str) -> str:
    """The chaincode server's host name: one for each version, so that two versions run while one replaces the other."""
    return f"{chaincode.name}-{''.join(mark if mark.isalnum() else '-' for mark in version.lower())}.{owner.domain}"


def chaincode_pattern(owner: Organization) -> str:
    """The TLS name that covers every version's chaincode server of an organisation."""
    return f"*.{owner.domain}"
