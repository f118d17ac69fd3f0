"""Every organisation's certificates: two authorities, MSP folders, TLS folders, as files of the network's layout.

What is there is kept; what is missing is made; a certificate whose key stays is issued again when its names or its days
run short. An organisation that brings its own material is checked instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509

from hlf_client.errors import InvalidDocument
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    RevocationList,
    Subject,
    generate_key,
    private_key_pem,
    revoke,
)
from hlf_client.identity.wallet import NODE_OUS
from hlf_network.consortium import (
    HOST_GATEWAY,
    Certificates,
    Consortium,
    Orderer,
    Organization,
    Peer,
    chaincode_pattern,
)
from hlf_network.errors import NetworkError
from hlf_network.material.layout import Layout, write_private, write_public
from hlf_network.material.pem_files import (
    check_pair,
    is_for_clients,
    is_issued_by,
    names_of,
    read_certificate,
    read_key,
)
from hlf_network.progress import in_parallel

__all__ = [
    "CertificateFile",
    "ensure_certificates",
    "list_certificates",
    "renew_certificates",
    "revoke_certificate",
]

LOCAL_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One certificate that must exist: where, for whom, by which of the two authorities."""

    certificate: Path
    key: Path
    authority: str
    subject: Subject
    hosts: tuple[str, ...] | None = None
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate on disk, as `network certs` lists it."""

    organization: str
    path: Path
    subject: str
    not_after: datetime
    is_authority: bool

    def days_left(self, now: datetime | None = None) -> int:
        """Whole days until it expires; negative when it has."""
        return (self.not_after - (now or datetime.now(UTC))).days


def ensure_certificates(consortium: Consortium, layout: Layout, *, now: datetime | None = None) -> tuple[Path, ...]:
    """Make what is missing, issue again what has expired or lacks a name, and give the certificates issued.

    Raises NetworkError for an expired authority and for brought material that does not fit, naming the file.
    """

    def ensure(organization: Organization) -> Sequence[Path]:
        if organization.material:
            _check_material(consortium, organization, layout, now or datetime.now(UTC))
            return ()
        return _ensure_organization(consortium, organization, layout, now)

    # at once, for each waits for its files to be on the disk
    found = in_parallel([partial(ensure, organization) for organization in consortium.here])
    return tuple(path for paths in found for path in paths)


def list_certificates(consortium: Consortium, layout: Layout) -> tuple[CertificateFile, ...]:
    """Every certificate of the network, soonest expiry first."""
    found = []
    for organization in consortium.here:
        for path, is_authority in _certificate_paths(consortium, organization, layout):
            if path.is_file():
                certificate = read_certificate(path)
                subject = certificate.subject.rfc4514_string()
                expiry = certificate.not_valid_after_utc
                found.append(CertificateFile(organization.name, path, subject, expiry, is_authority))
    return tuple(sorted(found, key=lambda file: (file.not_after, str(file.path))))


def renew_certificates(
    consortium: Consortium, layout: Layout, *, within_days: int, now: datetime | None = None
) -> tuple[Path, ...]:
    """Issue again, for the same keys, what expires within so many days, and give what was renewed.

    Same keys: orderers know each other by public key, so no channel has to change. Nodes must be restarted to use
    them. Raises NetworkError for an expired authority: that one needs new roots in every channel.
    """
    moment, renewed = now or datetime.now(UTC), []
    for organization in consortium.here:
        if organization.material:
            continue
        authorities = _authorities(consortium, organization, layout, now)
        for leaf in _leaves(consortium, organization, layout):
            if not leaf.certificate.is_file() or _is_revoked(leaf, organization, layout):
                continue
            left = read_certificate(leaf.certificate).not_valid_after_utc - moment
            if left <= timedelta(days=within_days):
                _issue(leaf, authorities[leaf.authority], consortium.certificates, now)
                renewed.append(leaf.certificate)
    return tuple(renewed)


def revoke_certificate(
    consortium: Consortium,
    organization: Organization,
    layout: Layout,
    name: str,
    *,
    reissue: bool,
    now: datetime | None = None,
) -> tuple[Path, ...]:
    """Put the certificate of a user or a peer on its authority's revocation list, in all MSP folders; the files that
    nodes must read anew for it. With `reissue` that one has another certificate, for another key.

    Raises InvalidDocument for nobody of that name and for whom the network cannot do without; NetworkError for an
    organisation whose authority is elsewhere.
    """
    path = layout.revocation_list(organization)
    if organization.material:
        raise NetworkError(
            f"{organization.name} brings its own certificates: put the revocation list of its authority (PEM, with "
            f"number and key identifier) into {path.parent} and run `up`, which takes it to the channels."
        )
    folder = _holder_named(organization, layout, name)
    if not reissue and name not in {user.name for user in organization.users}:
        raise InvalidDocument(f"{organization.name} cannot do without its {name}: revoke it with --reissue.")
    authority = _authorities(consortium, organization, layout, now)["ca"]
    leaf = next(one for one in _leaves(consortium, organization, layout) if one.certificate.parents[2] == folder)
    before = path.read_bytes() if path.is_file() else None
    write_public(path, revoke(authority, [read_certificate(leaf.certificate)], before=before, now=now))
    if reissue:
        write_private(leaf.key, private_key_pem(generate_key()))
        _issue(leaf, authority, consortium.certificates, now)
    spread = _spread_revocations(organization, layout)
    return tuple(spread) if name == "admin" else (leaf.certificate,)


def _ensure_organization(
    consortium: Consortium, organization: Organization, layout: Layout, now: datetime | None
) -> list[Path]:
    authorities = _authorities(consortium, organization, layout, now)
    issued = []
    for leaf in _leaves(consortium, organization, layout):
        is_wanted = not _is_revoked(leaf, organization, layout)  # who is out comes back by `revoke --reissue` only
        if is_wanted and not _is_good(leaf, authorities[leaf.authority], now or datetime.now(UTC)):
            _issue(leaf, authorities[leaf.authority], consortium.certificates, now)
            issued.append(leaf.certificate)
    roots = {"ca": authorities["ca"].pem, "tlsca": authorities["tlsca"].pem}
    _write_msp_roots(layout.msp(organization), roots)
    for folder in _holders(organization, layout):
        _write_msp_roots(folder / "msp", roots)
        _keep(folder / "tls" / "ca.crt", roots["tlsca"])
    _keep(layout.chaincode_tls(organization) / "ca.crt", roots["tlsca"])
    _spread_revocations(organization, layout)
    return issued


def _spread_revocations(organization: Organization, layout: Layout) -> list[Path]:
    """The organisation's list in the MSP folder of every node and user, where nodes read it at their start."""
    path = layout.revocation_list(organization)
    if not path.is_file():
        return []
    copies = [folder / "msp" / "crls" / path.name for folder in _holders(organization, layout)]
    for copy in copies:
        _keep(copy, path.read_bytes())
    return copies


def _is_revoked(leaf: Leaf, organization: Organization, layout: Layout) -> bool:
    path = layout.revocation_list(organization)
    if leaf.authority != "ca" or not path.is_file() or not leaf.certificate.is_file():
        return False
    return RevocationList.parse(path.read_bytes()).names(read_certificate(leaf.certificate))


def _holder_named(organization: Organization, layout: Layout, name: str) -> Path:
    """The folder of a user, the administrator or a peer."""
    people = {user: layout.user(organization, user) for user in ("admin", *(user.name for user in organization.users))}
    found = {peer.name: layout.node(organization, peer) for peer in organization.peers} | people
    if name not in found:
        raise InvalidDocument(f"{organization.name} has no user or peer {name!r}: it has {', '.join(sorted(found))}.")
    return found[name]


def _authorities(
    consortium: Consortium, organization: Organization, layout: Layout, now: datetime | None
) -> dict[str, CertificateAuthority]:
    """The enrolment and the TLS authority, made when they are not there yet."""
    settings, authorities = consortium.certificates, {}
    for name, title in (("ca", "enrolment CA"), ("tlsca", "TLS CA")):
        folder = layout.organization(organization) / name
        certificate, key = folder / "cert.pem", folder / "key.pem"
        root = layout.msp(organization) / ("cacerts/ca.pem" if name == "ca" else "tlscacerts/tlsca.pem")
        if not certificate.is_file():
            if root.is_file():
                raise NetworkError(
                    f"The {title} of {organization.name} is missing from {folder}, and what it issued is there: put it "
                    f"back, or make the network anew with `down --purge` and `up`."
                )
            subject = Subject(f"{organization.domain} {title}", organization.domain, country=settings.country)
            authority = CertificateAuthority.create(subject, days=settings.authority_days, now=now)
            write_private(key, private_key_pem(authority.key))
            write_public(certificate, authority.pem)
        else:
            check_pair(certificate, key)
            authority = CertificateAuthority.load(certificate.read_bytes(), key.read_bytes())
        end = authority.certificate.not_valid_after_utc
        if end <= (now or datetime.now(UTC)):
            raise NetworkError(
                f"The {title} of {organization.name} expired on {end:%Y-%m-%d} ({certificate}). Everything that it "
                f"issued is void: make the network anew with `down --purge` and `up`."
            )
        authorities[name] = authority
    return authorities


def _holders(organization: Organization, layout: Layout) -> Iterator[Path]:
    """Folders that hold an msp and a tls folder each."""
    nodes: tuple[Peer | Orderer, ...] = (*organization.peers, *organization.orderers)
    for node in nodes:
        yield layout.node(organization, node)
    for user in ("admin", *(user.name for user in organization.users)):
        yield layout.user(organization, user)


def _leaves(consortium: Consortium, organization: Organization, layout: Layout) -> Iterator[Leaf]:
    country, domain = consortium.certificates.country, organization.domain

    def pair(folder: Path, name: str, role: NodeRole, side: str, hosts: Sequence[str]) -> Iterator[Leaf]:
        enrolment = Subject(name, domain, role, country)
        yield Leaf(folder / "msp/signcerts/cert.pem", folder / "msp/keystore/key.pem", "ca", enrolment)
        yield _tls(folder / "tls", side, Subject(name, domain, country=country), hosts)

    reached = (organization.reached_at,) if organization.reached_at else ()
    extra = (*LOCAL_NAMES, consortium.address, *reached, *consortium.certificates.extra_hosts)
    kinds: tuple[tuple[NodeRole, Sequence[Peer | Orderer]], ...] = (
        (NodeRole.PEER, organization.peers),
        (NodeRole.ORDERER, organization.orderers),
    )
    for role, nodes in kinds:
        for node in nodes:
            host = organization.host_of(node)
            yield from pair(layout.node(organization, node), host, role, "server", tuple(dict.fromkeys((host, *extra))))
    yield from pair(layout.user(organization, "admin"), f"admin@{domain}", NodeRole.ADMIN, "client", ())
    for user in organization.users:
        folder, name = layout.user(organization, user.name), f"{user.name}@{domain}"
        enrolment, tls = pair(folder, name, NodeRole.CLIENT, "client", ())
        yield Leaf(enrolment.certificate, enrolment.key, "ca", enrolment.subject, attributes=user.attributes)
        yield tls
    if organization.peers:
        folder = layout.chaincode_tls(organization)
        names = (chaincode_pattern(organization), HOST_GATEWAY, *LOCAL_NAMES)
        yield _tls(folder, "server", Subject(f"chaincode server of {domain}", domain, country=country), names)
        yield _tls(folder, "client", Subject(f"chaincode client of {domain}", domain, country=country), ())


def _tls(folder: Path, side: str, subject: Subject, hosts: Sequence[str]) -> Leaf:
    return Leaf(folder / f"{side}.crt", folder / f"{side}.key", "tlsca", subject, tuple(hosts))


def _is_good(leaf: Leaf, authority: CertificateAuthority, now: datetime) -> bool:
    """Whether the certificate is there, of this authority, not expired, and for all the names it must carry.

    Raises NetworkError for a key that is not the certificate's: to guess which of the two is right could lock a node
    out of its channels.
    """
    if not leaf.certificate.is_file() or not leaf.key.is_file():
        return False
    certificate = read_certificate(leaf.certificate)
    check_pair(leaf.certificate, leaf.key)
    if not is_issued_by(certificate, authority.certificate) or certificate.not_valid_after_utc <= now:
        return False
    return set(leaf.hosts or ()) <= names_of(certificate)


def _issue(leaf: Leaf, authority: CertificateAuthority, settings: Certificates, now: datetime | None) -> None:
    """Issue a leaf for the key that is there, or for a new one."""
    if leaf.key.is_file():
        key = read_key(leaf.key)
    else:
        key = generate_key()
        write_private(leaf.key, private_key_pem(key))
    public_key, days = key.public_key(), settings.days
    if leaf.hosts is None:
        certificate = authority.enrol(leaf.subject, public_key, days=days, attributes=leaf.attributes, now=now)
    else:
        certificate = authority.issue_tls(leaf.subject, public_key, leaf.hosts, days=days, now=now)
    write_public(leaf.certificate, certificate)


def _write_msp_roots(msp: Path, roots: Mapping[str, bytes]) -> None:
    _keep(msp / "cacerts/ca.pem", roots["ca"])
    _keep(msp / "tlscacerts/tlsca.pem", roots["tlsca"])
    _keep(msp / "config.yaml", NODE_OUS.encode())


def _keep(path: Path, content: bytes) -> None:
    """Write only what differs: bind mounts of running nodes hold on to the file that they saw."""
    if not path.is_file() or path.read_bytes() != content:
        write_public(path, content)


def _certificate_paths(
    consortium: Consortium, organization: Organization, layout: Layout
) -> Iterator[tuple[Path, bool]]:
    for name in ("ca", "tlsca"):
        yield layout.organization(organization) / name / "cert.pem", True
    for leaf in _leaves(consortium, organization, layout):
        yield leaf.certificate, False


def _check_material(consortium: Consortium, organization: Organization, layout: Layout, now: datetime) -> None:
    """Brought certificates: all there, keys that fit, issued by the roots beside them, not expired."""
    for leaf in _leaves(consortium, organization, layout):
        root_path = layout.msp(organization) / ("cacerts/ca.pem" if leaf.authority == "ca" else "tlscacerts/tlsca.pem")
        for path in (leaf.certificate, leaf.key, root_path):
            if not path.is_file():
                raise NetworkError(
                    f"{organization.name} brings its own certificates, and {path} is missing: "
                    f"put it there, or remove `material` from consortium.yaml."
                )
        certificate = read_certificate(leaf.certificate)
        check_pair(leaf.certificate, leaf.key)
        authorities = _authorities_above(certificate, root_path, layout.intermediates(organization, leaf.authority))
        if not authorities:
            raise NetworkError(
                f"{leaf.certificate} was not issued by {root_path}, nor by an intermediate authority beside it: "
                f"put there what belongs together."
            )
        for path in (*authorities, leaf.certificate):
            end = read_certificate(path).not_valid_after_utc
            if end <= now:
                raise NetworkError(f"{path} expired on {end:%Y-%m-%d}: renew it.")
        missing = sorted(set(leaf.hosts or ()) - names_of(certificate) - set(LOCAL_NAMES))
        if missing:
            raise NetworkError(f"{leaf.certificate} lacks the name {missing[0]}, by which other nodes will call it.")
        if consortium.is_mutual_tls and leaf.authority == "tlsca" and not is_for_clients(certificate):
            raise NetworkError(
                f"{leaf.certificate} is not made for clients, which `tls.client_auth: required` demands of nodes, too: "
                f"have it issued for both usages."
            )
        role = leaf.subject.role
        units = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
        if role and role not in {str(unit.value) for unit in units}:
            raise NetworkError(f"{leaf.certificate} lacks the organisational unit {role}, so Fabric gives it no role.")


def _authorities_above(certificate: x509.Certificate, root: Path, intermediates: Sequence[Path]) -> tuple[Path, ...]:
    """The authorities from a certificate's issuer up to the root; none when they do not lead there."""
    chain, at = list[Path](), certificate
    while not is_issued_by(at, read_certificate(root)):
        below = (path for path in intermediates if path not in chain)
        issuer = next((path for path in below if is_issued_by(at, read_certificate(path))), None)
        if issuer is None:
            return ()
        chain.append(issuer)
        at = read_certificate(issuer)
    return (*chain, root)
