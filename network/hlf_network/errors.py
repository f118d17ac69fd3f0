"""The driver's error; the client's administrators' calls raise the same, and `hlf_client.errors` has the tree."""

from __future__ import annotations

from hlf_client.errors import NetworkError

__all__ = ["NetworkError"]
