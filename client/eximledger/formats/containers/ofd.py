"""The XML that is attached to an OFD (GB/T 33190): the invoice that it shows. What its pages show is not read."""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats.containers.archives import parts_of_archive
from eximledger.formats.containers.parts import Part
from hlf_chaincode.errors import InvalidDocument

__all__ = ["parts_of_ofd"]

_ATTACHED: Final = re.compile(
    r"(?:.*/)?(?:Attach(?:s|ments)?/(?!Attachments\.xml$)[^/]+\.xml|original_invoice\.xml)", re.I
)


def parts_of_ofd(source: bytes) -> tuple[Part, ...]:
    """Raises `InvalidDocument` for one that is damaged or beyond the limits, or that has no XML attached."""
    found = tuple(part for part in parts_of_archive(source) if _ATTACHED.fullmatch(part.name))
    if not found:
        reason = "has no invoice attached as XML, and its pages are not read; send the XML that came with it"
        raise InvalidDocument(f"the OFD {reason}", field="file", reason=reason)
    return found
