"""Blocks, configurations and definitions of chaincode as plain values: everything in them, ready to be written as JSON.

    block_json(await ledger.stored_block("mychannel", 7))
    config_json(PeerClient(endpoint).config_block(admin, "mychannel").SerializeToString())

Bytes are text where they are readable UTF-8, else `{"base64": ...}`; hashes are hexadecimal, certificates are told by
whom they name (and PEM in a configuration), policies are text. Nothing here is checked: `evidence` does that. Imports
the messages and `identity`.
"""

from __future__ import annotations

from hlf_client.wire.plain._blocks import block_json
from hlf_client.wire.plain._configs import config_json
from hlf_client.wire.plain._definitions import collections_json, endorsement_text
from hlf_client.wire.plain._values import identity_json, message_json, readable

__all__ = [
    "block_json",
    "collections_json",
    "config_json",
    "endorsement_text",
    "identity_json",
    "message_json",
    "readable",
]
