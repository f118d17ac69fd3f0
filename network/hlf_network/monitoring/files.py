"""A folder that Prometheus starts from: whom to ask, alert rules, certificates' metrics; and Grafana's dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import yaml

from hlf_network.consortium import Consortium
from hlf_network.engine.nodes import Container
from hlf_network.material.crypto import CertificateFile
from hlf_network.material.layout import write_public
from hlf_network.monitoring.expiry import certificate_metrics

__all__ = ["write_monitoring"]

HEADER = """\
# Written by `network monitoring`; written anew by the next one. Start: prometheus --config.file=prometheus.yml
# certificates.prom is for node_exporter's --collector.textfile.directory; `network certs --metrics` writes it anew.
"""
SCRAPE_SECONDS = 15
AS_THEY_ARE = ("rules.yml", "dashboard.json")


def write_monitoring(
    consortium: Consortium, nodes: Iterable[Container], certificates: Iterable[CertificateFile], folder: Path
) -> tuple[Path, ...]:
    """Write prometheus.yml for these nodes, rules.yml, dashboard.json and certificates.prom; the files."""
    contents = {name: files(__package__).joinpath(name).read_bytes() for name in AS_THEY_ARE}
    contents["prometheus.yml"] = (HEADER + _configuration(consortium, nodes)).encode()
    contents["certificates.prom"] = certificate_metrics(consortium.name, certificates).encode()
    for name, content in contents.items():
        write_public(folder / name, content)
    return tuple(folder / name for name in sorted(contents))


def _configuration(consortium: Consortium, nodes: Iterable[Container]) -> str:
    jobs: dict[str, list[object]] = {"peer": [], "orderer": []}
    for node in nodes:
        if node.operations is not None:
            labels = {
                "network": consortium.name,
                "organization": node.organization,
                "node": node.name.removeprefix(f"{consortium.name}-"),
            }
            address, port = node.operations
            target = f"{address}:{port}"
            jobs[node.kind].append({"targets": [target], "labels": labels})
    content = {
        "global": {"scrape_interval": f"{SCRAPE_SECONDS}s", "evaluation_interval": f"{SCRAPE_SECONDS}s"},
        "rule_files": ["rules.yml"],
        "scrape_configs": [
            {"job_name": f"hlf-{kind}", "static_configs": targets} for kind, targets in jobs.items() if targets
        ],
    }
    return yaml.safe_dump(content, sort_keys=False)
