"""A member's public card: what others need of it to found a channel and to reach its nodes, and nothing secret.

`_card` is what a card says, `_signing` how its administrator signs it and how it is checked, `_folder` cards as files.
Imports the consortium's words and the channels' values; nothing here opens a connection.
"""

from __future__ import annotations

from hlf_network.cards._card import Card, CardOrderer, CardPeer
from hlf_network.cards._folder import read_card, read_cards, unpack
from hlf_network.cards._signing import CardRefused, SignedCard, check_card, sign_card

__all__ = [
    "Card",
    "CardOrderer",
    "CardPeer",
    "CardRefused",
    "SignedCard",
    "check_card",
    "read_card",
    "read_cards",
    "sign_card",
    "unpack",
]
