"""Where a network's files lie: one folder, one place for each thing, in the layout that Fabric's tools know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hlf_client.errors import InvalidDocument
from hlf_client.identity import wallet
from hlf_network.consortium import Consortium, Orderer, Organization, Peer

__all__ = ["Layout", "require_new_file", "write_private", "write_public"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of one network.

    organizations/<org>/{ca,tlsca}/{cert,key}.pem            its authorities
    organizations/<org>/msp                                  its public MSP, with its revocation list (crls/)
    organizations/<org>/{peers,orderers,users}/<name>/{msp,tls}
    organizations/<org>/chaincode/{server,client}.{crt,key}  mutual TLS between its peers and its chaincode
    channels/<channel>.block   profiles/<org>.{yaml,json}    chaincode/   ports.json   deployed.json
    failed/<node>.log                                        last words of what a failed `up` took away
    """

    root: Path
    materials: tuple[tuple[str, Path], ...] = ()
    """Organisations whose files lie elsewhere: brought certificates, and what the cards of other hosts' members say."""

    @classmethod
    def of(cls, consortium: Consortium, folder: Path | None = None) -> Layout:
        """The consortium's own folder or the given one; without either, one beside the present directory."""
        root = (folder or consortium.folder or Path(f"{consortium.name}-network")).resolve()
        brought = [(owner.name, owner.material) for owner in consortium.organizations if owner.material]
        here = {owner.name for owner in consortium.here}
        elsewhere = [owner.name for owner in consortium.organizations if owner.name not in here]
        return cls(root, (*brought, *((name, root / "members" / name) for name in elsewhere)))

    def organization(self, organization: Organization) -> Path:
        return dict(self.materials).get(organization.name) or self.root / "organizations" / organization.name

    def msp(self, organization: Organization) -> Path:
        return self.organization(organization) / "msp"

    def intermediates(self, organization: Organization, authority: str) -> tuple[Path, ...]:
        """The authorities between a root, `ca` or `tlsca`, and what it issues; only brought material has any."""
        folder = self.msp(organization) / {"ca": "intermediatecerts", "tlsca": "tlsintermediatecerts"}[authority]
        return tuple(sorted(folder.glob("*.pem")))

    def revocation_list(self, organization: Organization) -> Path:
        """What our own enrolment authority of the organisation has revoked."""
        return self.msp(organization) / "crls" / "ca.pem"

    def revocation_lists(self, organization: Organization) -> tuple[Path, ...]:
        """Every list of the organisation's enrolment authorities, brought ones too."""
        return tuple(sorted((self.msp(organization) / "crls").glob("*.pem")))

    def tls_authorities(self, organization: Organization) -> bytes:
        """What a client must trust to reach the organisation's nodes: the TLS root and what stands below it."""
        root = self.msp(organization) / "tlscacerts/tlsca.pem"
        return b"".join(path.read_bytes() for path in (root, *self.intermediates(organization, "tlsca")))

    def node(self, organization: Organization, node: Peer | Orderer) -> Path:
        kind = "peers" if isinstance(node, Peer) else "orderers"
        return self.organization(organization) / kind / node.name

    def database_secret(self, organization: Organization, peer: Peer) -> Path:
        """The password of a peer's state database. Not below brought material, which we never write."""
        return self.root / "databases" / f"{peer.name}.{organization.name}"

    def user(self, organization: Organization, name: str) -> Path:
        return self.organization(organization) / "users" / name

    def chaincode_tls(self, organization: Organization) -> Path:
        return self.organization(organization) / "chaincode"

    def block(self, channel: str) -> Path:
        return self.root / "channels" / f"{channel}.block"

    def profile(self, organization: Organization, suffix: str) -> Path:
        return self.root / "profiles" / f"{organization.name}.{suffix}"

    def failed(self, node: str) -> Path:
        return self.root / "failed" / f"{node}.log"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def deployed(self) -> Path:
        """What was deployed of the first chaincode."""
        return self.root / "deployed.json"

    def deployed_of(self, chaincode: str) -> Path:
        """What was deployed of a further one."""
        return self.root / f"deployed-{chaincode}.json"

    @property
    def chaincode(self) -> Path:
        return self.root / "chaincode"


def require_new_file(path: Path) -> None:
    """Raises InvalidDocument for a file that is there, which nobody meant to lose, and for a folder that is not."""
    if path.exists():
        raise InvalidDocument(f"{path} exists: name a new file.", file=str(path))
    if not path.parent.is_dir():
        raise InvalidDocument(f"There is no folder {path.parent} for {path.name}.", file=str(path))


def write_public(path: Path, content: bytes) -> None:
    """Write a file that others may read, whole or not at all, in a folder that is made when missing."""
    wallet.make_private_folder(path.parent)
    wallet.write_public(path, content)


def write_private(path: Path, content: bytes) -> None:
    """Write a key: 0600 from its first byte on, whole or not at all."""
    wallet.make_private_folder(path.parent)
    wallet.write_private(path, content)
