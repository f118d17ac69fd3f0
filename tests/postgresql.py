"""A PostgreSQL for tests, from Debian's package, in a folder of its own and reached by a socket there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

__all__ = ["PostgreSQL", "running_postgresql"]

_PROGRAMS: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
_PORT: Final = 5432
_SETTINGS: Final = {
    "listen_addresses": "''", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "40", "shared_buffers": "32MB",
}  # fmt: skip
"""What is lost with the machine is made again by the next test."""


class PostgreSQL:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{name}?host={quote(str(self._folder))}&port={_PORT}"

    def database(self) -> str:
        """The URL of a new database."""
        import psycopg

        self._count += 1
        name = f"test_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A server for as long as it is used; skips the test where there is none to start."""
    pytest.importorskip("psycopg", reason="needs psycopg")
    if not _PROGRAMS:
        pytest.skip("needs PostgreSQL (Debian's postgresql)")
    as_user = []
    if os.geteuid() == 0:  # which initdb refuses
        if shutil.which("setpriv") is None:
            pytest.skip("needs setpriv to start PostgreSQL as another user than root")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path is short
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    programs, data = _PROGRAMS[-1].parent, folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    try:
        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        run(
            "pg_ctl",
            "-D",
            str(data),
            "-l",
            str(folder / "log"),
            "-w",
            "-o",
            f"-k {folder} -p {_PORT} {settings}",
            "start",
        )
        try:
            yield PostgreSQL(folder)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
