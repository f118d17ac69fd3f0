"""Cards as files: one, or those of a folder that members share."""

from __future__ import annotations

from pathlib import Path

from hlf_client.errors import InvalidDocument
from hlf_network.cards._card import Card
from hlf_network.cards._signing import MAX_BYTES, CardRefused, check_card
from hlf_network.material.layout import write_public

__all__ = ["read_card", "read_cards", "unpack"]


def read_card(path: Path) -> Card:
    """One card, checked. Raises CardRefused; InvalidDocument for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be read: {error.strerror}.") from error
    return check_card(content, source=str(path))


def read_cards(folder: Path) -> dict[str, Card]:
    """All cards (`*.card.json`) of a folder by their member's name, the newest of each.

    Raises CardRefused for one that does not prove itself, and where two members or two authorities share a name.
    """
    found: dict[str, Card] = {}
    for path in sorted(folder.glob("*.card.json")):
        card = read_card(path)
        for other in found.values():
            same = [card.name == other.name, card.msp == other.msp]
            if any(same) and not (all(same) and card.fingerprint == other.fingerprint):
                words = f"it claims the name of {other.name} ({other.msp}) with other authorities; ask that member"
                raise CardRefused(f"The card of {card.name} ({card.msp}), {path},", "forged", words)
        if card.name not in found or found[card.name].issued < card.issued:
            found[card.name] = card
    return found


def unpack(card: Card, msp: Path) -> None:
    """Write a member's public MSP as a folder, where this host's programs look for the authorities of other members."""
    write_public(msp / "cacerts/ca.pem", "".join(card.roots).encode())
    write_public(msp / "tlscacerts/tlsca.pem", "".join(card.tls_roots).encode())
    kinds = {
        "intermediatecerts": card.intermediates,
        "tlsintermediatecerts": card.tls_intermediates,
        "crls": card.revocation_lists,
    }
    for folder, pems in kinds.items():
        for number, pem in enumerate(pems):
            write_public(msp / folder / f"{number}.pem", pem.encode())
