"""The way to the Docker engine: the API that is spoken with it, and the SDK's errors as ours."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import requests
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import APIError, DockerException

from hlf_network.errors import NetworkError

__all__ = ["connected", "no_engine", "reason", "spoken"]

OLDEST_API = "1.41"


@contextmanager
def spoken() -> Iterator[None]:
    """The one place where the Docker SDK's errors become ours."""
    try:
        yield
    except APIError as error:
        raise NetworkError(f"Docker refuses: {reason(error)}.") from error
    except (DockerException, requests.RequestException) as error:
        raise NetworkError(no_engine(str(error))) from error


def connected() -> docker.DockerClient:
    """A client in the newest API that the engine and the SDK both speak.

    Raises NetworkError with what to do when there is no engine, no permission, or one too old.
    """
    version = _newest_api()
    if _numbers(version) < _numbers(OLDEST_API):
        raise NetworkError(f"Docker Engine 20.10 or later is needed (API {OLDEST_API}); this one speaks {version}.")
    shared = min(version, DEFAULT_DOCKER_API_VERSION, key=_numbers)
    return docker.from_env(version=shared, timeout=120, max_pool_size=16)


def _newest_api() -> str:
    """The newest API that the engine speaks."""
    try:
        _knock()
        client = docker.from_env(version=OLDEST_API, timeout=30)
        try:
            return str(client.api.version(api_version=False)["ApiVersion"])
        finally:
            client.close()
    except (OSError, DockerException, requests.RequestException) as error:
        raise NetworkError(no_engine(repr(error) if isinstance(error, OSError) else str(error))) from error


def _knock() -> None:
    """See whether the engine's Unix socket answers at all: the SDK leaks its own when it does not. Raises OSError."""
    url = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(url.removeprefix("unix://"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def reason(error: Exception) -> str:
    """What Docker says, without its full stop."""
    text = error.explanation if isinstance(error, APIError) and error.explanation else str(error)
    return str(text).strip().rstrip(".")


def no_engine(error: str) -> str:
    """What to do where no engine answers."""
    if "Permission denied" in error or "PermissionError" in error:
        return "You may not use the Docker socket: add yourself to the group `docker` and log in again."
    return (
        "No Docker engine answers: start Docker (20.10 or later), or set DOCKER_HOST to where it runs. "
        f"It said: {error}"
    )
