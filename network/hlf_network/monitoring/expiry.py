"""When certificates end, as Prometheus' text: for the text-file collector of node_exporter, written by a timer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from hlf_network.material.crypto import CertificateFile

__all__ = ["certificate_metrics"]

EXPIRY = "hlf_certificate_expiry_timestamp_seconds"
CHECKED = "hlf_certificates_checked_timestamp_seconds"


def certificate_metrics(network: str, certificates: Iterable[CertificateFile], *, now: datetime | None = None) -> str:
    """One sample for each certificate, and when this was written: a timer that no longer runs must be noticed, too."""
    lines = [f"# HELP {EXPIRY} When a certificate on disk expires.", f"# TYPE {EXPIRY} gauge"]
    for one in sorted(certificates, key=lambda one: str(one.path)):
        labels = {
            "network": network,
            "organization": one.organization,
            "kind": "authority" if one.is_authority else "leaf",
            "file": str(one.path),
        }
        text = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
        lines.append(f"{EXPIRY}{{{text}}} {int(one.not_after.timestamp())}")
    lines += [f"# HELP {CHECKED} When the certificates were looked at last.", f"# TYPE {CHECKED} gauge"]
    lines.append(f'{CHECKED}{{network="{_escaped(network)}"}} {int((now or datetime.now(UTC)).timestamp())}')
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
