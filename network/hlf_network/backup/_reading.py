"""An archive that somebody brings: whole, or refused by its file's name before anything is done with it."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hlf_client.errors import InvalidDocument

__all__ = ["whole_archive"]


@contextmanager
def whole_archive(source: Path, what: str) -> Iterator[tarfile.TarFile]:
    """The archive, once it has been walked to its end: a copy that broke off is seen before half of it is used.

    Raises InvalidDocument for a file that is no tar, `what` saying what it should be, and for one that is cut short.
    """
    try:
        archive = tarfile.open(source)  # noqa: SIM115 - its opening alone is tried here; closed below
    except (OSError, tarfile.TarError, EOFError) as error:
        raise InvalidDocument(f"{source} is no {what}.", file=str(source)) from error
    with archive:
        try:
            archive.getmembers()
            file = archive.fileobj
            assert file is not None  # noqa: S101 - it is open
            file.seek(archive.offset)
            is_ended = not file.read(1).strip(b"\0") and file.tell() > archive.offset
        except (OSError, tarfile.TarError, EOFError) as error:
            raise InvalidDocument(f"{source} is damaged: take another {what}.", file=str(source)) from error
        if not is_ended:
            raise InvalidDocument(f"{source} is cut short: take another {what}.", file=str(source))
        yield archive
