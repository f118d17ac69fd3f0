"""What Prometheus and Grafana are given: where nodes tell of themselves, when certificates end, rules, a dashboard."""

from hlf_network.monitoring.expiry import certificate_metrics
from hlf_network.monitoring.files import write_monitoring

__all__ = ["certificate_metrics", "write_monitoring"]
