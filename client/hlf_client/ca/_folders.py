"""What a Fabric CA issued, as the folders that Fabric's nodes, tools and this client read.

msp/{cacerts,intermediatecerts,signcerts,keystore,config.yaml}   tls/{server,client}.{crt,key}, tls/ca.crt
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from hlf_client.ca._values import Authority, Enrolment
from hlf_client.errors import InvalidDocument
from hlf_client.identity import private_key_pem
from hlf_client.identity.wallet import NODE_OUS, make_private_folder, write_private, write_public

__all__ = ["write_authority", "write_enrolment", "write_tls"]

_ROOT: Final = "cacerts/ca.pem"


def write_enrolment(folder: Path, enrolment: Enrolment, *, tls: Authority | None = None) -> None:
    """Write an MSP folder: the certificate, its key where it is here, and its authorities; `tls` adds those of TLS."""
    write_authority(folder, enrolment.authority, tls=tls)
    _put(folder / "signcerts" / "cert.pem", enrolment.certificate)
    make_private_folder(folder / "keystore")
    if enrolment.key is not None:
        write_private(folder / "keystore" / "key.pem", private_key_pem(enrolment.key))


def write_authority(folder: Path, authority: Authority, *, tls: Authority | None = None) -> None:
    """Write an organisation's public MSP: the authorities, and which of them gives the roles (NodeOUs)."""
    issuer = _put_chain(folder, authority, "cacerts", "intermediatecerts", "ca")
    _put(folder / "config.yaml", NODE_OUS.replace(_ROOT, issuer).encode())
    if tls is not None:
        _put_chain(folder, tls, "tlscacerts", "tlsintermediatecerts", "tlsca")


def write_tls(folder: Path, enrolment: Enrolment, side: Literal["server", "client"]) -> None:
    """Write a TLS folder: the certificate with the chain below the root, its key, and whom to trust."""
    if enrolment.key is None:
        raise InvalidDocument("a TLS key must be where its node is", field="key", reason="is elsewhere")
    authority = enrolment.authority
    make_private_folder(folder)
    write_private(folder / f"{side}.key", private_key_pem(enrolment.key))
    _put(folder / f"{side}.crt", b"".join((enrolment.certificate, *authority.intermediates)))
    _put(folder / "ca.crt", b"".join((*authority.roots, *authority.intermediates)))


def _put_chain(folder: Path, authority: Authority, roots: str, intermediates: str, name: str) -> str:
    """Write a chain; where its issuer lies in the folder."""
    if not authority.roots:
        raise InvalidDocument("the CA does not show its root", field="CAChain", reason="has no root")
    for number, pem in enumerate(authority.roots):
        _put(folder / roots / (f"{name}.pem" if not number else f"{name}-{number + 1}.pem"), pem)
    for number, pem in enumerate(authority.intermediates):
        _put(folder / intermediates / f"{name}-{number + 1}.pem", pem)
    return f"{intermediates}/{name}-1.pem" if authority.intermediates else f"{roots}/{name}.pem"


def _put(path: Path, content: bytes) -> None:
    make_private_folder(path.parent)
    write_public(path, content)
