"""`python -m hlf_chaincode`: an organisation's chaincode server, in its container or on a host.

    set -a; . exim-network/chaincode/eximbank.env; set +a
    python -m hlf_chaincode --reload

Every flag has a variable of the same meaning; the flag wins. Exit code 2: the settings are wrong; 1: it cannot listen.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.shim.factory import FACTORY, chaincode_from

__all__ = ["main"]

_FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "id": ("CHAINCODE_ID", "package id that the peer knows"),
    "address": ("CHAINCODE_SERVER_ADDRESS", "host:port to listen at"),
    "tls-cert": ("CHAINCODE_TLS_CERT_FILE", "the server's certificate, PEM"),
    "tls-key": ("CHAINCODE_TLS_KEY_FILE", "the server's private key, PEM"),
    "client-ca": ("CHAINCODE_TLS_CLIENT_CACERT_FILE", "who may call: roots of client certificates, PEM"),
    "metrics": ("CHAINCODE_METRICS_ADDRESS", "host:port for /metrics and /healthz; none by default"),
    "debug": ("CHAINCODE_DEBUG", "true: a contract's bug is answered with its traceback; never in production (false)"),
    "workers": ("CHAINCODE_WORKERS", "processes that run contracts (1: the server's own)"),
    "log-level": ("CHAINCODE_LOG_LEVEL", "debug, info, warning or error (info)"),
    "chaincode": ("CHAINCODE_FACTORY", "module:function that makes the chaincode"),
}
_LEVELS: Final = ("debug", "info", "warning", "error")
_QUICK_IO: Final = "-event_engine_listener,-event_engine_client"
"""gRPC's new event engine hands each message through three threads: a third more CPU (docs/decisions/0007)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit code."""
    flags = _parser().parse_args(arguments)
    environment = dict(os.environ)
    for flag, (variable, _) in _FLAGS.items():
        if (value := getattr(flags, flag.replace("-", "_"))) is not None:
            environment[variable] = value
    if flags.reload:
        from hlf_chaincode.shim.reload import run_reloading

        passed_on = [name for name in (sys.argv[1:] if arguments is None else arguments) if name != "--reload"]
        return run_reloading(passed_on, _sources(environment.get(FACTORY, "")))
    os.environ.setdefault("GRPC_EXPERIMENTS", _QUICK_IO)  # before grpc is imported, which reads it once
    try:
        asyncio.run(_serve(environment))
    except InvalidDocument as error:
        return _failed(error, 2)
    except FabricError as error:
        return _failed(error, 1)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hlf_chaincode", description="A chaincode's server.")
    for flag, (variable, meaning) in _FLAGS.items():
        parser.add_argument(f"--{flag}", metavar="VALUE", help=f"{meaning}; ${variable}")
    parser.add_argument("--reload", action="store_true", help="start again whenever the source changes; for debugging")
    return parser


async def _serve(environment: Mapping[str, str]) -> None:
    from hlf_chaincode.shim import ChaincodeServer, Limits, Settings, log_as_json

    level = environment.get("CHAINCODE_LOG_LEVEL", "info").lower()
    if level not in _LEVELS:
        raise InvalidDocument(f"CHAINCODE_LOG_LEVEL is one of {', '.join(_LEVELS)}", field="CHAINCODE_LOG_LEVEL")
    log_as_json(level)
    settings, limits = Settings.from_environment(environment), Limits.from_environment(environment)
    factory = environment.get(FACTORY, "")
    chaincode = chaincode_from(factory)
    if settings.debug:
        chaincode.debug = True
        logging.getLogger("hlf_chaincode").warning("debugging: callers see the tracebacks of the contract's bugs")
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: no collection need look at it again
    async with ChaincodeServer(chaincode, settings, limits=limits, factory=factory):
        await stopped.wait()


def _sources(factory: str) -> set[Path]:
    """The folders whose files make up the chaincode: this package, and where the factory comes from."""
    found = importlib.util.find_spec(factory.partition(":")[0].partition(".")[0])
    origins = [__file__, found.origin if found else None]
    return {Path(origin).resolve().parent for origin in origins if origin}


def _failed(error: FabricError, code: int) -> int:
    print(error.message, file=sys.stderr)  # noqa: T201 - a program's last words
    return code


if __name__ == "__main__":
    sys.exit(main())
