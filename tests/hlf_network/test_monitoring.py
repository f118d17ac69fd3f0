"""The files for Prometheus and Grafana, judged by Prometheus' own tool where it is installed."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from hlf_network._session import Session
from hlf_network.consortium import Consortium
from hlf_network.engine.nodes import node_containers
from hlf_network.material.crypto import CertificateFile, list_certificates
from hlf_network.monitoring import certificate_metrics, write_monitoring

Variant = Callable[..., Consortium]
OfflineSession = Callable[[Consortium, Path], Session]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool on this machine")


@pytest.fixture
def folder(variant: Variant, offline: OfflineSession, tmp_path: Path) -> Path:
    session = offline(variant("exim"), tmp_path / "n")
    nodes = node_containers(session.consortium, session.layout, session.ports)
    certificates = list_certificates(session.consortium, session.layout)
    write_monitoring(session.consortium, nodes, certificates, tmp_path / "monitoring")
    return tmp_path / "monitoring"


def promtool(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True)


@needs_promtool
def test_prometheus_takes_configuration_rules_and_metrics(folder: Path) -> None:
    done = promtool("check", "config", folder / "prometheus.yml")
    assert done.returncode == 0, done.stderr
    assert "15 rules found" in done.stdout
    metrics = promtool("check", "metrics", text=(folder / "certificates.prom").read_text())
    assert (metrics.returncode, metrics.stderr) == (0, "")


def test_every_node_is_asked_under_its_own_name(folder: Path) -> None:
    jobs = yaml.safe_load((folder / "prometheus.yml").read_text())["scrape_configs"]
    named = {(job["job_name"], one["labels"]["node"]) for job in jobs for one in job["static_configs"]}
    assert ("hlf-peer", "peer0.customs") in named
    assert ("hlf-orderer", "orderer0.safe") in named
    assert len({one["targets"][0] for job in jobs for one in job["static_configs"]}) == len(named) == 7


def test_a_certificate_is_told_with_its_end_and_no_file_holds_a_key(folder: Path) -> None:
    one = CertificateFile("safe", Path('/with "quotes"/cert.pem'), "CN=x", NOW + timedelta(days=3), False)
    text = certificate_metrics("exim", [one], now=NOW)
    assert f'file="/with \\"quotes\\"/cert.pem"}} {int(NOW.timestamp()) + 3 * 86400}\n' in text
    assert f'hlf_certificates_checked_timestamp_seconds{{network="exim"}} {int(NOW.timestamp())}\n' in text
    assert not [path for path in folder.iterdir() if b"PRIVATE KEY" in path.read_bytes()]


@needs_promtool
@pytest.mark.parametrize(("days", "alerts"), [(40, []), (20, ["FabricCertificateExpires"])])
def test_the_rules_warn_of_an_expiry_in_time(folder: Path, tmp_path: Path, days: int, alerts: list[str]) -> None:
    series = 'hlf_certificate_expiry_timestamp_seconds{organization="safe",file="f",kind="leaf"}'
    labels = {"organization": "safe", "file": "f", "kind": "leaf", "severity": "warning"}
    action = "`network certs --renew --within 30d`: does its timer run? An authority needs new roots in every channel."
    summary = f"f of safe expires in {days}d 0h 0m 0s."
    wanted = [{"exp_labels": labels, "exp_annotations": {"summary": summary, "action": action}} for _ in alerts]
    case = {
        "rule_files": [str(folder / "rules.yml")],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": series, "values": f"{days * 86400}x5"}],
                "alert_rule_test": [
                    {"eval_time": "0m", "alertname": "FabricCertificateExpires", "exp_alerts": wanted},
                    {"eval_time": "0m", "alertname": "FabricCertificateExpiresThisWeek", "exp_alerts": []},
                ],
            }
        ],
    }
    (tmp_path / "case.yml").write_text(yaml.safe_dump(case))
    done = promtool("test", "rules", tmp_path / "case.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_json_with_a_query_in_every_panel(folder: Path) -> None:
    dashboard = json.loads((folder / "dashboard.json").read_text())
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def grafanas(dashboard: object) -> object:
    """A dashboard as Grafana's own published models read and write it again; what they do not know is gone."""
    models = pytest.importorskip("grafana_foundation_sdk.models.dashboard")
    plugins = importlib.import_module("grafana_foundation_sdk.cog.plugins")
    plugins.register_default_plugins()
    encoder = importlib.import_module("grafana_foundation_sdk.cog.encoder").JSONEncoder
    return json.loads(encoder().encode(models.Dashboard.from_json(dashboard)))


def unknown(ours: object, theirs: object, place: str = "") -> Iterator[str]:
    """What of ours is not in theirs, or is otherwise."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            yield from unknown(value, theirs.get(name, "nothing"), f"{place}/{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from unknown(mine, other, f"{place}/{number}")
    elif ours != theirs:
        yield place


def test_grafanas_own_models_know_all_of_the_dashboard(folder: Path) -> None:
    dashboard = json.loads((folder / "dashboard.json").read_text())
    assert list(unknown(dashboard, grafanas(dashboard))) == []
    panel = dashboard["panels"][0]
    panel["targets"][0]["expresion"], panel["gridPosition"] = "up", panel["gridPos"]
    wrong = list(unknown(dashboard, grafanas(dashboard)))
    assert sorted(wrong) == ["/panels/0/gridPosition", "/panels/0/targets/0/expresion"]


def test_no_panel_lies_over_another_and_every_kind_is_grafanas(folder: Path) -> None:
    panels = json.loads((folder / "dashboard.json").read_text())["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["type"] in {"stat", "timeseries", "bargauge"}
        assert {target["refId"] for target in panel["targets"]} == set("ABCDEFG"[: len(panel["targets"])])
