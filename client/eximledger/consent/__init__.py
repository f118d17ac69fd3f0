"""An exporter's consent as files: the authority that vouches for exporters, their keys, and the papers that they sign.

All of it happens away from any ledger, on the machine of whoever owns the key. What a signed paper allows, and whether
its signature counts, is `eximledger_chaincode.lending.consent`'s to say; filing one is the desk's. May import the
chaincode's values and `hlf_client.identity`.
"""

from __future__ import annotations

from eximledger.consent._authority import Enrolled, ExportersAuthority, read_authority
from eximledger.consent._exporter import ExporterKey
from eximledger.consent._file import Signed, read_consent, write_consent
from eximledger.consent._keys import KeyFolder

__all__ = [
    "Enrolled",
    "ExporterKey",
    "ExportersAuthority",
    "KeyFolder",
    "Signed",
    "read_authority",
    "read_consent",
    "write_consent",
]
