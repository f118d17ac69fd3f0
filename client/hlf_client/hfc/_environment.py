"""hfc's own environment: made by `eximledger hfc install`, once, from pinned and hashed distributions.

hfc (fabric-sdk-py 1.0.0) wants a protobuf and a gRPC that nothing of today can share, so it gets a virtual environment
that only the worker's interpreter sees.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from hlf_client._file_lock import lock
from hlf_client.errors import FabricError, LedgerUnavailable

__all__ = ["Environment"]

_HERE: Final = Path(__file__).parent
_REQUIREMENTS: Final = ("requirements-build.txt", "requirements.txt")
"""What is needed to build comes first."""
_PIP: Final = (
    "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps",
    "--no-build-isolation", "--only-binary", ":all:", "--no-binary", "hkdf",
)  # fmt: skip
_RECORD: Final = "eximledger.json"
_LAST_WORDS: Final = 3
_HINT: Final = "behind a proxy set HTTPS_PROXY, without a network give --wheels FOLDER"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Environment:
    """The folder of hfc's virtual environment."""

    folder: Path

    @classmethod
    def default(cls) -> Self:
        """EXIM_HFC_HOME, or `eximledger/hfc` among the user's data (XDG_DATA_HOME)."""
        own = os.environ.get("EXIM_HFC_HOME")
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
        return cls(Path(own) if own else Path(data) / "eximledger/hfc")

    @property
    def requirements(self) -> str:
        """The pinned distributions with their hashes, as pip reads them."""
        return "".join((_HERE / name).read_text() for name in _REQUIREMENTS)

    @property
    def python(self) -> Path:
        return self.folder / "bin/python"

    @property
    def is_ready(self) -> bool:
        """Whether everything that this version wants has been installed there."""
        try:
            record = json.loads((self.folder / _RECORD).read_bytes())
        except (OSError, ValueError):
            return False
        return isinstance(record, dict) and record.get("requirements") == self._fingerprint() and self.python.exists()

    def command(self) -> Sequence[str]:
        """What starts the worker there. Raises `LedgerUnavailable` when there is no environment, or an old one."""
        if not self.is_ready:
            raise LedgerUnavailable(f"hfc is not installed in {self.folder}: run `eximledger hfc install`")
        return (str(self.python), "-I", str(_HERE / "worker.py"))

    def install(self, *, wheels: Path | None = None, python: Path | None = None, say: Say = lambda _step: None) -> bool:
        """Make the environment; False when it was there already.

        `wheels` is a folder of distributions to take instead of an index, `python` an interpreter of 3.11 or 3.12 to
        take instead of this one. Raises `FabricError` with pip's last words; a later call then begins anew.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.is_ready:
                return False
            say("making the environment")
            _run([str(python or sys.executable), "-m", "venv", "--clear", str(self.folder)], "venv")
            source = ["--no-index", "--find-links", str(wheels)] if wheels is not None else []
            for name in _REQUIREMENTS:
                say(f"installing {name.removesuffix('.txt')}")
                _run([str(self.python), "-m", "pip", *_PIP, *source, "-r", str(_HERE / name)], "pip")
            _run([str(self.python), "-I", "-c", "import hfc.fabric"], "hfc")
            (self.folder / _RECORD).write_text(json.dumps({"requirements": self._fingerprint()}))
        return True

    def _fingerprint(self) -> str:
        return hashlib.sha256(self.requirements.encode()).hexdigest()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Two installations do not mix: the second waits, and finds everything done."""
        with self.folder.with_name(f"{self.folder.name}.lock").open("wb") as file:
            lock(file.fileno())
            yield


def _run(command: Sequence[str], program: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise FabricError(f"{command[0]} cannot be started: {error.strerror}") from None
    if done.returncode:
        lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
        said = " / ".join(lines[-_LAST_WORDS:]) or f"exit code {done.returncode}"
        raise FabricError(f"hfc could not be installed: {program} says: {said} ({_HINT})")
