"""The USCC of an exporter, as a caller gives it for papers that do not carry one."""

from __future__ import annotations

from eximledger.formats.text.values import uscc_of
from hlf_chaincode.errors import InvalidDocument

__all__ = ["checked_exporter"]


def checked_exporter(exporter: str | None) -> str | None:
    """The USCC in its standard form; raises `InvalidDocument` when it is none."""
    if exporter is None:
        return None
    code = uscc_of(exporter)
    if code is None:
        reason = "is not a unified social credit code (18 characters, GB 32100-2015)"
        raise InvalidDocument(f"exporter {reason}", field="exporter", reason=reason)
    return code
