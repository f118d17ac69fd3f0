"""An organisation's certificates from its Fabric CA, in the folders that `material` of consortium.yaml names.

    python -m hlf_network.material.enrolling consortium.yaml safe safe-material --ca https://ca.safe.example:7054

Every node, user and chaincode server of the organisation is registered and enrolled, for signing and for TLS; what is
there already stays. The network driver then uses the folder as brought material, and checks it as such.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from hlf_client.ca import Attribute, CaClient, CaRefused, Enrolment, Registrar
from hlf_client.ca._folders import write_authority, write_enrolment, write_tls
from hlf_client.errors import FabricError, InvalidDocument
from hlf_network.consortium import Consortium, Organization, load_consortium
from hlf_network.material.crypto import Leaf, _leaves
from hlf_network.material.layout import Layout

__all__ = ["Office", "enrol_material", "main"]

_VARIABLE: Final = "HLF_CA_SECRET"
_REGISTERED: Final = 74
"""The CA's code for a name that is registered already."""


@dataclass(frozen=True, slots=True)
class Office:
    """A CA, and who may register there."""

    ca: CaClient
    registrar: Registrar

    @classmethod
    async def open(cls, ca: CaClient, name: str, secret: str, msp_id: str) -> Office:
        """Enrol whoever registers. Raises `CaError`."""
        return cls(ca, ca.registrar((await ca.enrol(name, secret)).identity(msp_id)))

    async def admit(self, name: str, kind: str, attributes: Sequence[Attribute] = ()) -> str:
        """A secret for a name, also for one that is registered already."""
        secret = secrets.token_urlsafe(18)
        try:
            return await self.registrar.register(name, kind=kind, attributes=attributes, secret=secret)
        except CaRefused as error:
            if error.code != _REGISTERED:
                raise
        await self.registrar.change(name, kind=kind, attributes=attributes, secret=secret)
        return secret


async def enrol_material(
    consortium: Consortium, organization: Organization, folder: Path, *, signing: Office, tls: Office
) -> tuple[Path, ...]:
    """Enrol what is missing in `folder`; the certificates that were issued. Both offices may be one CA's.

    Raises `CaError`, and `LedgerUnavailable` where a CA does not answer; what was issued until then stays.
    """
    layout = Layout(folder, ((organization.name, folder),))
    authority, tls_authority = await signing.ca.authority(), await tls.ca.authority()
    write_authority(layout.msp(organization), authority, tls=tls_authority)
    issued = []
    for leaf in _leaves(consortium, organization, layout):
        if leaf.certificate.is_file() and leaf.key.is_file():
            continue
        if leaf.hosts is None:
            enrolled = await _signing(signing, leaf)
            write_enrolment(leaf.certificate.parents[1], enrolled, tls=tls_authority)
        else:
            side: Literal["server", "client"] = "server" if leaf.certificate.stem == "server" else "client"
            write_tls(leaf.certificate.parent, await _tls(tls, leaf), side)
        issued.append(leaf.certificate)
    return tuple(issued)


async def _signing(office: Office, leaf: Leaf) -> Enrolment:
    name = leaf.subject.name
    attributes = [Attribute(key, value, in_certificate=True) for key, value in (leaf.attributes or {}).items()]
    return await office.ca.enrol(name, await office.admit(name, leaf.subject.role or "client", attributes))


async def _tls(office: Office, leaf: Leaf) -> Enrolment:
    """By a name of its own: at one CA for both the secret of the signing certificate stays what it is."""
    name = f"tls {leaf.subject.name}"
    secret = await office.admit(name, "client")
    return await office.ca.enrol(name, secret, profile="tls", hosts=list(leaf.hosts or ()))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. The registrar's secret is in the environment, where other users do not see it."""
    parser = argparse.ArgumentParser(prog="python -m hlf_network.material.enrolling", description=__doc__)
    parser.add_argument("consortium", type=Path, help="consortium.yaml")
    parser.add_argument("organization", help="whose certificates")
    parser.add_argument("folder", type=Path, help="where they go: what `material` then names")
    for flag, what in (("", "the CA"), ("tls-", "the CA of TLS certificates, where it is another")):
        parser.add_argument(f"--{flag}ca", metavar="URL", required=not flag, help=what)
        parser.add_argument(f"--{flag}ca-name", metavar="NAME", default="", help="which of the server's authorities")
    parser.add_argument("--roots", type=Path, metavar="FILE", help="PEM of what issued the servers' TLS certificates")
    parser.add_argument("--registrar", metavar="NAME", default="admin", help=f"who registers; secret in ${_VARIABLE}")
    options = parser.parse_args(arguments)
    try:
        issued = asyncio.run(_enrol(options))
    except (FabricError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{path}\n" for path in issued)
    return 0


async def _enrol(options: argparse.Namespace) -> tuple[Path, ...]:
    secret = os.environ.get(_VARIABLE)
    if not secret:
        raise InvalidDocument(f"{_VARIABLE} is not set: it holds the registrar's secret", field=_VARIABLE)
    consortium = load_consortium(options.consortium)
    organization = consortium.organization(options.organization)
    roots = options.roots.read_bytes() if options.roots else None
    async with (
        CaClient(options.ca, name=options.ca_name, roots=roots) as ca,
        CaClient(options.tls_ca or options.ca, name=options.tls_ca_name or options.ca_name, roots=roots) as tls_ca,
    ):
        signing = await Office.open(ca, options.registrar, secret, organization.msp)
        tls = await Office.open(tls_ca, options.registrar, secret, organization.msp)
        return await enrol_material(consortium, organization, options.folder, signing=signing, tls=tls)


if __name__ == "__main__":
    raise SystemExit(main())
