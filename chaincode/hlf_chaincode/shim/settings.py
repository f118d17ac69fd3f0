"""How a server is told who it is and whom to trust: the environment, with the official shims' names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from hlf_chaincode.errors import InvalidDocument

__all__ = ["ServerTls", "Settings"]

MOST_WORKERS: Final = 64
_YES: Final = frozenset({"true", "1", "yes"})
_NO: Final = frozenset({"false", "0", "no", ""})


@dataclass(frozen=True, slots=True)
class ServerTls:
    """PEM of the server's key and certificate; with `client_roots` only who has a certificate of theirs may call."""

    key: bytes
    certificate: bytes
    client_roots: bytes | None

    def __repr__(self) -> str:
        return f"ServerTls(mutual={self.client_roots is not None})"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server. `metrics_address` "" serves no metrics; `tls` None serves in the clear, for tests only; with `debug`
    callers see the tracebacks of a contract's bugs."""

    package_id: str
    address: str
    tls: ServerTls | None
    metrics_address: str = ""
    debug: bool = False
    workers: int = 1
    """Processes that run contracts beside the one that holds the peers' streams; with 1 it runs them itself."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Raises `InvalidDocument` naming the variable that is missing or wrong.

        CHAINCODE_ID, CHAINCODE_SERVER_ADDRESS (host:port), CHAINCODE_TLS_KEY_FILE, CHAINCODE_TLS_CERT_FILE,
        CHAINCODE_TLS_CLIENT_CACERT_FILE, CHAINCODE_TLS_DISABLED (default false), CHAINCODE_METRICS_ADDRESS,
        CHAINCODE_DEBUG (default false), CHAINCODE_WORKERS (default 1).
        """
        return cls(
            package_id=_required(environment, "CHAINCODE_ID"),
            address=_address("CHAINCODE_SERVER_ADDRESS", _required(environment, "CHAINCODE_SERVER_ADDRESS")),
            tls=None if _flag(environment, "CHAINCODE_TLS_DISABLED") else _tls(environment),
            metrics_address=_address("CHAINCODE_METRICS_ADDRESS", environment.get("CHAINCODE_METRICS_ADDRESS", "")),
            debug=_flag(environment, "CHAINCODE_DEBUG"),
            workers=_workers(environment.get("CHAINCODE_WORKERS", "1")),
        )


def _tls(environment: Mapping[str, str]) -> ServerTls:
    roots = environment.get("CHAINCODE_TLS_CLIENT_CACERT_FILE")
    return ServerTls(
        key=_file("CHAINCODE_TLS_KEY_FILE", _required(environment, "CHAINCODE_TLS_KEY_FILE")),
        certificate=_file("CHAINCODE_TLS_CERT_FILE", _required(environment, "CHAINCODE_TLS_CERT_FILE")),
        client_roots=_file("CHAINCODE_TLS_CLIENT_CACERT_FILE", roots) if roots else None,
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise InvalidDocument(f"{name} is not set: the network driver writes it for each organisation", field=name)
    return value


def _address(name: str, value: str) -> str:
    host, colon, port = value.rpartition(":")
    if value and not (host and colon and port.isdigit() and int(port) < 65536):
        raise InvalidDocument(f"{name} is host:port, not {value!r}", field=name, reason="not host:port")
    return value


def _workers(value: str) -> int:
    name = "CHAINCODE_WORKERS"
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_WORKERS):
        raise InvalidDocument(
            f"{name} is a number from 1 to {MOST_WORKERS}, not {value!r}", field=name, reason="not a number"
        )
    return int(value)


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").lower()
    if value not in _YES | _NO:
        raise InvalidDocument(f"{name} is true or false, not {value!r}", field=name, reason="not true or false")
    return value in _YES


def _file(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InvalidDocument(f"{name}: {path} cannot be read: {error.strerror}", field=name) from None
