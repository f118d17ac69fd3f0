"""The keys of an embedded consortium, in the folder `<file>.msp`.

    organizations/<name>/ca/{cert,key,crl}.pem   organizations/<name>/{peers,users,orderers}/<who>/msp

In a network each member keeps its own; an embedded ledger plays all of them, so the folder is as secret as the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from hlf_client.embedded.definition import ConsortiumDefinition, Organization
from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity import (
    CertificateAuthority,
    Identity,
    NodeRole,
    RevocationList,
    Subject,
    generate_key,
    load_certificate,
    private_key_pem,
    read_identity,
    revoke,
    write_msp,
)
from hlf_client.identity.wallet import make_private_folder, settle, write_private, write_public

__all__ = ["ORDERER", "ORDERER_MSP", "Material"]

ORDERER_MSP: Final = "OrdererMSP"
_ORGANIZATIONS: Final = "organizations"
ORDERER: Final = "orderer"
_PEER: Final = "peer"


@dataclass(frozen=True, slots=True)
class Material:
    """One consortium's keys and certificates on disk. `durable` off is for who settles them himself."""

    folder: Path
    durable: bool = True

    def ensure(self, definition: ConsortiumDefinition, now: datetime, *, new: bool) -> None:
        """Make what is missing and renew what has expired; authorities are made for a `new` ledger only.

        Raises `LedgerUnavailable` when it cannot be written.
        """
        names = [organization.name for organization in definition.organizations]
        try:
            if new and not (self.folder / _ORGANIZATIONS).exists():
                self._make_at_once(definition, now)
            elif new:  # by hand, or by an earlier release that was cut short
                self._complete(definition, now)
            elif not all(self._has_authority(name) for name in (*names, ORDERER)):
                return  # another consortium's, or keys kept elsewhere: what is missing is said when it is needed
            else:
                self._complete(definition, now)
        except OSError as error:
            raise LedgerUnavailable(f"the keys cannot be written to {self.folder}: {error.strerror}") from error

    def _make_at_once(self, definition: ConsortiumDefinition, now: datetime) -> None:
        """All keys aside, then into their place in one step: a disk that is slow is waited for once, not for each."""
        aside = Material(self.folder / ".new", durable=False)
        shutil.rmtree(aside.folder, ignore_errors=True)  # of a founding that was cut short
        make_private_folder(aside.folder)
        aside._complete(definition, now)
        settle(aside.folder)
        (aside.folder / _ORGANIZATIONS).rename(self.folder / _ORGANIZATIONS)
        aside.folder.rmdir()

    def _complete(self, definition: ConsortiumDefinition, now: datetime) -> None:
        for organization in definition.organizations:
            self._ensure_organization(organization, now)
        orderer = self._authority(ORDERER, now)
        subject = Subject("orderer", ORDERER, NodeRole.ORDERER)
        self._ensure_leaf(orderer, self._msp(ORDERER, "orderers", ORDERER), subject, {}, now)

    def _ensure_organization(self, organization: Organization, now: datetime) -> None:
        name = organization.name
        authority = self._authority(name, now)
        peer = Subject(f"peer.{name}", name, NodeRole.PEER)
        self._ensure_leaf(authority, self._msp(name, "peers", _PEER), peer, {}, now)
        for user in organization.users:
            subject = Subject(f"{user.name}@{name}", name, user.role)
            self._ensure_leaf(authority, self._msp(name, "users", user.name), subject, user.attributes, now)

    def _has_authority(self, organization: str) -> bool:
        return (self.folder / _ORGANIZATIONS / organization / "ca" / "key.pem").is_file()

    def _authority(self, organization: str, now: datetime) -> CertificateAuthority:
        folder = self.folder / _ORGANIZATIONS / organization / "ca"
        certificate, key = folder / "cert.pem", folder / "key.pem"
        if certificate.is_file():
            try:
                return CertificateAuthority.load(certificate.read_bytes(), key.read_bytes())
            except ValueError as error:
                raise LedgerUnavailable(f"the authority in {folder} cannot be used: {error}") from error
        authority = CertificateAuthority.create(Subject(f"ca.{organization}", organization), now=now)
        make_private_folder(folder)
        write_private(key, private_key_pem(authority.key), durable=self.durable)
        write_public(certificate, authority.pem, durable=self.durable)
        return authority

    def _revoked(self, organization: str) -> Path:
        """The authority's list of revoked certificates, once there is one."""
        return self.folder / _ORGANIZATIONS / organization / "ca" / "crl.pem"

    def revoke(self, organization: str, msp_id: str, user: str, now: datetime, *, reissue: bool) -> bytes:
        """The authority's next revocation list, with the user's certificate on it; kept beside the authority.

        With `reissue` the user's folder then holds another key and certificate.
        """
        present = load_certificate(self.user(organization, msp_id, user).certificate)
        authority, path = self._authority(organization, now), self._revoked(organization)
        revoked = revoke(authority, [present], before=path.read_bytes() if path.is_file() else None, now=now)
        write_public(path, revoked)
        if reissue:
            key = generate_key()
            successor = authority.enrol_again(present, key.public_key(), now=now)
            folder = self._msp(organization, "users", user)
            write_msp(folder, root=authority.pem, certificate=successor, key=key)
        return revoked

    def _is_revoked(self, organization: str, certificate: x509.Certificate) -> bool:
        path = self._revoked(organization)
        return path.is_file() and RevocationList.parse(path.read_bytes()).names(certificate)

    def _ensure_leaf(
        self,
        authority: CertificateAuthority,
        folder: Path,
        subject: Subject,
        attributes: Mapping[str, str],
        now: datetime,
    ) -> None:
        path = folder / "signcerts" / "cert.pem"
        if path.is_file():
            present = load_certificate(path.read_bytes())
            if present.not_valid_after_utc > now or self._is_revoked(subject.organization, present):
                return  # a revoked one is issued again by `revoke` only, when somebody wants it
        key = generate_key()
        try:
            certificate = authority.enrol(subject, key.public_key(), attributes=attributes, now=now)
        except ValueError as error:
            raise LedgerUnavailable(f"no certificate can be issued for {subject.name}: {error}") from error
        write_msp(folder, root=authority.pem, certificate=certificate, key=key, durable=self.durable)

    def _msp(self, organization: str, kind: str, name: str) -> Path:
        return self.folder / _ORGANIZATIONS / organization / kind / name / "msp"

    def root(self, organization: str) -> bytes:
        """The certificate of an organisation's authority."""
        return (self.folder / _ORGANIZATIONS / organization / "ca" / "cert.pem").read_bytes()

    @property
    def orderer_root(self) -> bytes:
        return self.root(ORDERER)

    def user(self, organization: str, msp_id: str, name: str) -> Identity:
        """Raises `NotAuthorized` when there is no such user."""
        users = self.folder / _ORGANIZATIONS / organization / "users"
        if not (users / name).is_dir():
            known = ", ".join(sorted(path.name for path in users.glob("*"))) if users.is_dir() else ""
            raise NotAuthorized(
                f"{organization} has no user {name!r} in {users}" + (f": there are {known}" if known else "")
            )
        return read_identity(msp_id, users / name / "msp")

    def peer(self, organization: str, msp_id: str) -> Identity:
        return read_identity(msp_id, self._msp(organization, "peers", _PEER))

    def orderer(self) -> Identity:
        return read_identity(ORDERER_MSP, self._msp(ORDERER, "orderers", ORDERER))
