"""A card's signature: made by the member's administrator, checked against the authorities that the card itself names.

That they are the member's authorities nobody can read off a card: people compare its fingerprint once, and from then on
a card of other authorities is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime

from cryptography import x509
from pydantic import BaseModel, ConfigDict, ValidationError

from hlf_client.admin.signatory import Signatory
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import NodeRole, RevocationList, TrustAnchors, verify_signature
from hlf_network.cards._card import Card
from hlf_network.material.pem_files import is_issued_by

__all__ = ["MAX_BYTES", "CardRefused", "SignedCard", "check_card", "sign_card"]

MAX_BYTES = 1 << 20


class CardRefused(InvalidDocument):
    """A card that is not taken; `reason` is a word for programs: altered, forged, expired, unreadable or secret."""

    def __init__(self, source: str, reason: str, words: str) -> None:
        super().__init__(f"{source} is refused: {words}.", file=source, reason=reason)


class SignedCard(BaseModel):
    """A card, the certificate (PEM) of the administrator who signed it, and the signature (base64, DER)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    card: Card
    signed_by: str
    signature: str

    def to_bytes(self) -> bytes:
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False).encode() + b"\n"


def sign_card(card: Card, administrator: Signatory) -> SignedCard:
    """The card as its member hands it out."""
    signature = base64.b64encode(administrator.sign(card.content)).decode()
    return SignedCard(card=card, signed_by=administrator.certificate.decode(), signature=signature)


def check_card(content: bytes, *, source: str, now: datetime | None = None) -> Card:
    """Read a card and believe it as far as it can prove itself. Raises CardRefused, saying whose card and why."""
    moment = now or datetime.now(UTC)
    if b"PRIVATE KEY" in content:
        raise CardRefused(source, "secret", "there is a private key in it; have it made anew, and that key too")
    signed = _read(content, source)
    card, whose = signed.card, f"The card of {signed.card.name} ({signed.card.msp}), {source},"
    anchors = _authorities(card, whose)
    revoked = _revocations(card, anchors, whose)
    try:
        key = anchors.certify(signed.signed_by.encode(), moment, revoked)
    except NotAuthorized as error:
        reason = "expired" if "expired" in str(error) else "forged"
        raise CardRefused(whose, reason, f"who signed it is nobody of that member: {error}") from error
    if key.role is not NodeRole.ADMIN:
        raise CardRefused(whose, "forged", f"it is signed by a {key.role.value}, not by an administrator")
    try:
        signature = base64.b64decode(signed.signature, validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    if not verify_signature(key.public_key, signature, hashlib.sha256(card.content).digest()):
        raise CardRefused(whose, "altered", "it is not what its administrator signed")
    _check_orderers(card, anchors, revoked, moment, whose)
    return card


def _read(content: bytes, source: str) -> SignedCard:
    if len(content) > MAX_BYTES:
        raise CardRefused(source, "unreadable", f"it is larger than {MAX_BYTES} bytes")
    try:
        return SignedCard.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CardRefused(source, "unreadable", f"it is no member's card ({place}: {first['msg']})") from None


def _authorities(card: Card, whose: str) -> TrustAnchors:
    config = card.member_config
    try:
        return TrustAnchors(card.msp, config.root_certificates, config.intermediate_certificates)
    except NotAuthorized as error:
        raise CardRefused(whose, "unreadable", f"its authorities cannot be read: {error}") from error


def _revocations(card: Card, anchors: TrustAnchors, whose: str) -> bytes:
    """The one list that counts for who signed; every list must be of the card's own authorities."""
    for pem in card.revocation_lists:
        try:
            known = anchors.vouches_for(RevocationList.parse(pem.encode()))
        except ValueError as error:
            raise CardRefused(whose, "unreadable", f"its revocation list cannot be read: {error}") from error
        if not known:
            raise CardRefused(whose, "forged", "its revocation list is of another authority")
    return card.revocation_lists[0].encode() if card.revocation_lists else b""


def _check_orderers(card: Card, anchors: TrustAnchors, revoked: bytes, moment: datetime, whose: str) -> None:
    """Consenters stand in a channel for years: a certificate of somebody else's would lock its orderers out."""
    config = card.member_config
    issuers = [
        x509.load_pem_x509_certificate(pem)
        for pem in (*config.tls_root_certificates, *config.tls_intermediate_certificates)
    ]
    for orderer in card.orderers:
        try:
            role = anchors.certify(orderer.identity.encode(), moment, revoked).role
        except NotAuthorized as error:
            raise CardRefused(
                whose, "forged", f"the identity of {orderer.name} is not that member's: {error}"
            ) from error
        if role is not NodeRole.ORDERER:
            raise CardRefused(whose, "forged", f"the identity of {orderer.name} is that of a {role.value}")
        try:
            tls = x509.load_pem_x509_certificate(orderer.tls.encode())
        except ValueError as error:
            raise CardRefused(whose, "unreadable", f"the TLS certificate of {orderer.name}: {error}") from error
        if not any(is_issued_by(tls, issuer) for issuer in issuers):
            raise CardRefused(whose, "forged", f"the TLS certificate of {orderer.name} is of another authority")
        if tls.not_valid_after_utc <= moment:
            raise CardRefused(whose, "expired", f"the TLS certificate of {orderer.name} has expired")
