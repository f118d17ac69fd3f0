"""A SoftHSM token for tests. The library reads its configuration once, so a process has one token for all its tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

__all__ = ["SoftHsm"]

LIBRARY: Final = Path("/usr/lib/softhsm/libsofthsm2.so")


class SoftHsm:
    """A token in a folder. Skips the test that asks for it where SoftHSM or python-pkcs11 is missing."""

    library: Final = LIBRARY
    token: Final = "bank"
    pin: Final = "1234"

    def __init__(self, folder: Path) -> None:
        pkcs11 = pytest.importorskip("pkcs11", reason="needs python-pkcs11")
        if not LIBRARY.exists():
            pytest.skip("needs SoftHSM (Debian's softhsm2)")
        self._folder = folder
        self._configuration = folder / "softhsm2.conf"
        (folder / "tokens").mkdir()
        self._configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        self._tool("--init-token", "--free", "--label", self.token, "--so-pin", "5678")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOFTHSM2_CONF", str(self._configuration))
            pkcs11.lib(str(LIBRARY))  # reads the configuration, here and never again

    def keep(self, label: str, key_id: str, pem: bytes) -> None:
        """Put a private key (PKCS#8 PEM) into the token under a label and an id (hex)."""
        file = self._folder / f"{label}.pem"
        file.write_bytes(pem)
        self._tool("--import", str(file), "--token", self.token, "--label", label, "--id", key_id)
        file.unlink()

    def _tool(self, *arguments: str) -> None:
        environment = {**os.environ, "SOFTHSM2_CONF": str(self._configuration)}
        command = ["softhsm2-util", *arguments, "--pin", self.pin]
        subprocess.run(command, check=True, capture_output=True, env=environment)
