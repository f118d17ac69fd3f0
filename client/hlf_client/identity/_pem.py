"""PEM as it comes: plain, or once more in base64, as Kubernetes and CI systems keep secrets."""

from __future__ import annotations

import base64
import binascii
from typing import Final

__all__ = ["plain_pem"]

_BEGIN: Final = b"-----BEGIN "


def plain_pem(content: bytes) -> bytes:
    """The PEM itself. What is neither comes back as it is: whoever reads it says what is wrong."""
    text = content.strip()
    if not text or text.startswith(_BEGIN):
        return content
    try:
        inner = base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return content
    return inner if inner.lstrip().startswith(_BEGIN) else content
