"""What commands print: a report or a status as a JSON document, a status as tables for a person."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table

from hlf_network.driver import Report
from hlf_network.status import NetworkStatus

__all__ = ["print_status", "report_document", "status_document"]

UNKNOWN = "unknown"
PIPE_WIDTH = 160
"""Columns where nobody looks: a name cut short is of no use to a program."""


def report_document(report: Report) -> Mapping[str, object]:
    return {
        "network": report.network,
        "folder": str(report.folder),
        "seconds": round(report.seconds, 3),
        "steps": [{"title": step.title, "seconds": round(step.seconds, 3)} for step in report.steps],
        "changes": list(report.changes),
    }


def status_document(status: NetworkStatus) -> Mapping[str, object]:
    return {
        "network": status.name,
        "fabric": status.fabric,
        "consensus": status.consensus,
        "healthy": status.is_healthy,
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "organization": node.organization,
                "state": node.state,
                "healthy": node.healthy,
                "address": node.address,
                "heights": node.heights,
            }
            for node in status.nodes
        ],
        "channels": [
            {
                "name": channel.name,
                "members": None if channel.members is None else list(channel.members),
                "chaincode_version": channel.chaincode_version,
                "sequence": channel.sequence,
                "approvals": list(channel.approvals),
            }
            for channel in status.channels
        ],
        "warnings": list(status.warnings),
    }


def print_status(status: NetworkStatus) -> None:
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    nodes = _table(
        f"{status.name}: Fabric {status.fabric}, {status.consensus}", ["node", "state", "well", "address", "blocks"]
    )
    for node in status.nodes:
        heights = ", ".join(f"{name} {height}" for name, height in node.heights.items())
        nodes.add_row(
            node.name.removeprefix(f"{status.name}-"),
            node.state,
            "yes" if node.healthy else "no",
            node.address,
            heights,
        )
    console.print(nodes)
    channels = _table("", ["channel", "members", "chaincode", "sequence", "approved by"])
    for channel in status.channels:
        if channel.members is None:
            channels.add_row(channel.name, *[UNKNOWN] * 4)
            continue
        version, sequence = channel.chaincode_version or "none", str(channel.sequence or "")
        channels.add_row(channel.name, ", ".join(channel.members), version, sequence, ", ".join(channel.approvals))
    console.print(channels)
    for warning in status.warnings:
        click.echo(f"Warning: {warning}", err=True)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
