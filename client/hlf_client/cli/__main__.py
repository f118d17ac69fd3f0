"""`python -m hlf_client.cli`: the same as `hlf`."""

from __future__ import annotations

from hlf_client.cli import main

main()
