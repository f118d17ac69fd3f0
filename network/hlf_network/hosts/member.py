"""One member on its own host: made, shown to others by its card, brought up, joined to channels, deployed to.

Everything that `eximledger member` does can be done from Python with the same names:

    member = Member.load(Path("member.yaml"))
    member.create()
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.cards import (
    Card,
    CardOrderer,
    CardPeer,
    CardRefused,
    SignedCard,
    read_card,
    read_cards,
    sign_card,
    unpack,
)
from hlf_network.channels.config import MemberConfig
from hlf_network.consortium import ChannelFile, HostView, MemberFile, load_channel_file, load_member
from hlf_network.driver import Network, Report
from hlf_network.errors import NetworkError
from hlf_network.hosts.composing import host_view
from hlf_network.hosts.genesis import BlockRefused, check_block, read_block
from hlf_network.hosts.seat import HostSeat
from hlf_network.material.layout import Layout, write_public
from hlf_network.progress import Progress
from hlf_network.status import NetworkStatus

__all__ = ["Member"]


class Member:
    """A member's nodes on this host's Docker engine, and what it knows of the others."""

    def __init__(
        self, file: MemberFile, *, progress: Progress | None = None, labels: Mapping[str, str] | None = None
    ) -> None:
        self.file = file
        self.folder = (file.folder or Path(file.name)).resolve()
        self._progress = progress
        self._labels = labels

    @classmethod
    def load(cls, path: Path, *, progress: Progress | None = None) -> Self:
        """From a member.yaml. Raises InvalidDocument with line and field."""
        return cls(load_member(path), progress=progress)

    @property
    def network(self) -> Network:
        """The driver of this host: a network of which only this member is here."""
        return Network(self.view, folder=self.folder, progress=self._progress, labels=self._labels)

    @property
    def view(self) -> HostView:
        """The consortium as this host knows it: of the channels joined so far."""
        return host_view(self.file, self._files(), read_cards(self._cards))

    def create(self) -> Report:
        """Make this member's authorities, keys and ports, and write its card."""
        report = self.network.create()
        self._write_card()
        return report

    def card(self) -> SignedCard:
        """The card as of now, signed by this member's administrator. Raises NetworkError before `create`."""
        self._require_created()
        with self.network.opened() as session:
            return self._card(session)

    def up(self) -> Report:
        """Run this member's nodes, in all channels that it has joined; mend what is missing of them."""
        self.create()
        return self.network.up(deploy=self._layout.deployed.is_file())

    def join(self, block: Path, *, fingerprint: str, file: Path, cards: Path) -> Report:
        """Join a channel that its members have founded. Raises BlockRefused, CardRefused and their kin, and then
        nothing has changed."""
        agreed, shared = load_channel_file(file), read_cards(cards)
        own = self.card().card
        self._compare(shared, own)
        content = read_block(block)
        check_block(content, fingerprint, agreed, shared, own, source=str(block))
        stored, kept = content.SerializeToString(deterministic=True), self._layout.block(agreed.name)
        if kept.is_file() and kept.read_bytes() != stored:
            raise BlockRefused(str(block), "content", f"this host has joined another channel {agreed.name}")
        host_view(self.file, [*self._other_files(agreed.name), agreed], {**read_cards(self._cards), **shared})
        for name in agreed.named:
            if name != own.name:
                self._keep_card(cards, shared[name])
        write_public(self._file(agreed.name), file.read_bytes())
        write_public(kept, stored)
        return self.up()

    def take(self, cards: Path) -> tuple[Card, ...]:
        """Take in other members' newer cards, and those of members that this host did not know; which they were. Raises
        CardRefused."""
        shared, known, own = read_cards(cards), read_cards(self._cards), self.card().card
        self._compare(shared, own)
        newer = [
            one
            for name, one in shared.items()
            if name != own.name and (name not in known or one.issued > known[name].issued)
        ]
        for card in newer:
            self._keep_card(cards, card)
        return tuple(newer)

    @contextmanager
    def seat(self) -> Iterator[HostSeat]:
        """This member's place at its channels, from which it proposes, shows, signs and submits changes."""
        self._require_created()
        with self.network.seat(self.file.member.name) as own:
            yield HostSeat(own, read_cards(self._cards))

    def deploy(self, files: Sequence[Path] = ()) -> Report:
        """Install and approve the chaincode of this member's channels for itself, and commit where enough members have
        approved. `files` are newer files of channels that it has joined."""
        agreed = {path: load_channel_file(path) for path in files}
        for path, file in agreed.items():
            if not self._file(file.name).is_file():
                raise InvalidDocument(f"{path} is the file of channel {file.name}, which has not been joined.")
        others = [file for file in self._files() if file.name not in {one.name for one in agreed.values()}]
        host_view(self.file, [*others, *agreed.values()], read_cards(self._cards))
        for path, file in agreed.items():
            write_public(self._file(file.name), path.read_bytes())
        return self.network.deploy()

    def status(self) -> NetworkStatus:
        """This member's nodes and their channels."""
        return self.network.status()

    def down(self, *, purge: bool = False) -> Report:
        """Remove the containers; with `purge` the ledgers, keys and all that was made here too."""
        return self.network.down(purge=purge)

    def _require_created(self) -> None:
        own = self.file.member
        if not (self._layout.msp(own) / "cacerts/ca.pem").is_file():
            raise NetworkError(f"{own.name} has no keys in {self.folder} yet: run `member create` first.")

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.folder)

    @property
    def _cards(self) -> Path:
        return self.folder / "cards"

    def _file(self, channel: str) -> Path:
        return self.folder / "channels" / f"{channel}.yaml"

    def _files(self) -> list[ChannelFile]:
        return [load_channel_file(path) for path in sorted((self.folder / "channels").glob("*.yaml"))]

    def _other_files(self, name: str) -> list[ChannelFile]:
        return [file for file in self._files() if file.name != name]

    def _write_card(self) -> None:
        """Anew only when it says something else: the time of issue alone is no news."""
        path = self.folder / f"{self.file.member.name}.card.json"
        signed = self.card()
        if path.is_file():
            before = read_card(path)
            if before.model_copy(update={"issued": signed.card.issued}) == signed.card:
                return
        write_public(path, signed.to_bytes())

    def _card(self, session: Session) -> SignedCard:
        own, ports = session.consortium.here[0], session.ports
        config: MemberConfig = session.member_config(own)
        assert own.reached_at is not None  # noqa: S101 - member.yaml says it, or its address does
        card = Card(
            issued=datetime.now(UTC).replace(microsecond=0).isoformat(),
            name=own.name,
            msp=own.msp,
            title=own.title,
            role=own.role,
            domain=own.domain,
            reached_at=own.reached_at,
            roots=_texts(config.root_certificates),
            tls_roots=_texts(config.tls_root_certificates),
            intermediates=_texts(config.intermediate_certificates),
            tls_intermediates=_texts(config.tls_intermediate_certificates),
            revocation_lists=_texts(config.revocation_lists),
            peers=tuple(
                CardPeer(name=peer.name, port=ports.published(own, peer), anchor=peer.anchor) for peer in own.peers
            ),
            orderers=tuple(
                CardOrderer(
                    name=orderer.name,
                    port=ports.published(own, orderer),
                    identity=node.identity.decode(),
                    tls=node.tls_certificate.decode(),
                )
                for orderer, node in zip(own.orderers, session.consenters(own), strict=True)
            ),
        )
        return sign_card(card, session.admin(own))

    def _compare(self, shared: Mapping[str, Card], own: Card) -> None:
        """Refuse a card of ourselves that is not ours, and others whose authorities are not those known before."""
        known = {**read_cards(self._cards), own.name: own}
        for card in shared.values():
            before = known.get(card.name)
            if before is not None and before.fingerprint != card.fingerprint:
                whose = "ours" if card.name == own.name else "those that this host knows of that member"
                raise CardRefused(f"The card of {card.name} ({card.msp})", "forged", f"its authorities are not {whose}")

    def _keep_card(self, folder: Path, card: Card) -> None:
        source = next(path for path in sorted(folder.glob("*.card.json")) if read_card(path) == card)
        write_public(self._cards / f"{card.name}.card.json", source.read_bytes())
        unpack(card, self.folder / "members" / card.name / "msp")


def _texts(pems: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(pem.decode() for pem in pems)
