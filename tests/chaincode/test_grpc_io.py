"""The choice of gRPC's I/O loop, in processes of their own: gRPC reads it once, when it is imported."""

from __future__ import annotations

import os
import subprocess
import sys

SHOW = "import os, sys, eximledger_chaincode.grpc_io; print('grpc' in sys.modules, os.environ.get('GRPC_EXPERIMENTS'))"


def imported_with(**more: str) -> tuple[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "GRPC_EXPERIMENTS"}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment | more, capture_output=True, text=True, check=True
    )
    return done.stdout.strip(), done.stderr


def test_grpc_is_imported_with_experiments_that_it_knows() -> None:
    """gRPC writes to stderr what it does not know, as it would once a release drops the older loop."""
    assert imported_with() == ("True None", "")


def test_a_choice_that_somebody_made_stays() -> None:
    assert imported_with(GRPC_EXPERIMENTS="event_engine_client")[0] == "False event_engine_client"
