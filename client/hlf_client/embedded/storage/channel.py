"""A channel at work: its members' trust anchors, its chaincodes' policies, its collections, its places in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from hlf_chaincode.policies import EndorsementPolicy, ImplicitMeta, Share, parse_channel_policy
from hlf_chaincode.wording import with_article
from hlf_client.embedded.definition import ChaincodeDefinition, ChannelConfig, Collection
from hlf_client.embedded.storage.certificates import Rows, revoked_list
from hlf_client.errors import InvalidDocument, NotAuthorized, NotFound
from hlf_client.identity import CertifiedKey, NodeRole, RevocationList, TrustAnchors

__all__ = ["Channel", "NamespaceKey", "Namespaces", "satisfied"]

NamespaceKey = tuple[str, str, bool]
"""Chaincode, collection ("" for the public state), and whether it holds the hashes of a collection."""
Namespaces = Mapping[NamespaceKey, int]


@lru_cache(maxsize=4096)
def satisfied(policy: bytes, endorsers: frozenset[str]) -> bool:
    """Whether the peers of these organisations satisfy a policy (SignaturePolicyEnvelope bytes).

    Nobody satisfies what is no policy, as on Fabric.
    """
    try:
        parsed = EndorsementPolicy.from_bytes(policy)
    except InvalidDocument:
        return False
    return parsed.satisfied_by((msp_id, "peer") for msp_id in sorted(endorsers))


@dataclass(frozen=True, slots=True)
class _Chaincode:
    definition: ChaincodeDefinition
    policy: bytes
    collections: Mapping[str, Collection]
    collection_policies: Mapping[str, bytes]


class Channel:
    """What a channel's first block says, ready to be asked. Immutable."""

    def __init__(self, number: int, config: ChannelConfig, namespaces: Namespaces) -> None:
        self.id = number
        self.name = config.channel
        self.config = config
        self.members = tuple(sorted(member.msp_id for member in config.members))
        self.namespaces = namespaces
        self._anchors = {
            member.msp_id: TrustAnchors(member.msp_id, [member.root.encode()]) for member in config.members
        }
        self._orderer = TrustAnchors(config.orderer_msp_id, [config.orderer_root.encode()])
        self._chaincodes = {chaincode.name: _ready(chaincode, self.members) for chaincode in config.chaincodes}

    def certify(self, msp_id: str, certificate: bytes, moment: datetime, rows: Rows | None) -> CertifiedKey:
        """The key of a member's certificate; `rows` is the view of the file that says which are revoked, None: none is.

        Raises `NotAuthorized` for an unknown organisation or certificate, and for a revoked one.
        """
        anchors = self._anchors.get(msp_id)
        if anchors is None:
            raise NotAuthorized(
                f"access denied: {msp_id} is no member of channel {self.name}", channel=self.name, msp_id=msp_id
            )
        return anchors.certify(certificate, moment, revoked_list(rows, self.id, msp_id) if rows else b"")

    def certify_writer(self, msp_id: str, certificate: bytes, moment: datetime, rows: Rows) -> CertifiedKey:
        """As `certify`, for who proposes: a member's people, not its nodes, as Fabric's channel policy Writers says."""
        key = self.certify(msp_id, certificate, moment, rows)
        if key.role not in {NodeRole.CLIENT, NodeRole.ADMIN}:
            raise NotAuthorized(
                f"access denied: channel [{self.name}] creator org [{msp_id}]: {with_article(key.role.value)} "
                "proposes nothing, only a client or an admin does",
                msp_id=msp_id,
            )
        return key

    def certify_peer(self, msp_id: str, certificate: bytes, moment: datetime, rows: Rows) -> CertifiedKey:
        """As `certify`, for who endorses."""
        key = self.certify(msp_id, certificate, moment, rows)
        if key.role is not NodeRole.PEER:
            raise NotAuthorized(
                f"{with_article(key.role.value)} of {msp_id} may not endorse: only a peer may", msp_id=msp_id
            )
        return key

    def certify_orderer(self, certificate: bytes, moment: datetime) -> CertifiedKey:
        """The key of who signs blocks."""
        key = self._orderer.certify(certificate, moment)
        if key.role is not NodeRole.ORDERER:
            raise NotAuthorized(f"{with_article(key.role.value)} may not sign blocks: only an orderer may")
        return key

    def may_revoke(self, msp_id: str, revoked: bytes) -> bool:
        """Whether a revocation list is that member's authority's."""
        try:
            return msp_id in self._anchors and self._anchors[msp_id].vouches_for(RevocationList.parse(revoked))
        except NotAuthorized:
            return False

    def issued(self, msp_id: str, certificate: bytes) -> bool:
        """Whether that organisation's authority issued the certificate, whenever that was."""
        anchors = {**self._anchors, self.config.orderer_msp_id: self._orderer}.get(msp_id)
        return anchors is not None and anchors.issued(certificate)

    def has_chaincode(self, name: str) -> bool:
        return name in self._chaincodes

    def chaincode_policy(self, chaincode: str) -> bytes:
        return self._chaincode(chaincode).policy

    def collection_policy(self, chaincode: str, collection: str) -> bytes:
        """The policy of a collection's keys that have none of their own."""
        known = self._chaincode(chaincode)
        return known.collection_policies.get(collection, known.policy)

    def collection(self, chaincode: str, name: str) -> Collection:
        """Raises `NotFound` for an unknown one."""
        found = self._chaincode(chaincode).collections.get(name)
        if found is None:
            raise NotFound(f"channel {self.name} has no private collection {name}", collection=name)
        return found

    def _chaincode(self, name: str) -> _Chaincode:
        found = self._chaincodes.get(name)
        if found is None:
            raise NotFound(f"channel {self.name} has no chaincode {name}", chaincode=name, channel=self.name)
        return found


def _ready(definition: ChaincodeDefinition, members: Sequence[str]) -> _Chaincode:
    return _Chaincode(
        definition=definition,
        policy=_policy(definition.policy, members).to_bytes(),
        collections={each.name: each for each in definition.collections},
        collection_policies={
            each.name: EndorsementPolicy.parse(each.policy).to_bytes() for each in definition.collections if each.policy
        },
    )


def _policy(written: str, members: Sequence[str]) -> EndorsementPolicy:
    """A chaincode's policy; one of the members' own policies is so many of their peers."""
    policy = parse_channel_policy(written)
    if not isinstance(policy, ImplicitMeta):
        return policy
    if policy.name != "Endorsement":
        raise InvalidDocument(f"no member has a policy {policy.name}: write Endorsement", field="policy")
    count = {Share.ANY: 1, Share.ALL: len(members), Share.MAJORITY: len(members) // 2 + 1}[policy.share]
    peers = ", ".join(f"'{msp_id}.peer'" for msp_id in members)
    return EndorsementPolicy.parse(f"OutOf({count}, {peers})")
