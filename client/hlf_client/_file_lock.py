"""One process at a time: a lock on an open file, which ends with the process. On POSIX flock, on Windows msvcrt."""

from __future__ import annotations

import sys

__all__ = ["lock", "lock_shared", "try_lock"]

if sys.platform == "win32":
    import msvcrt
    import time

    _WAIT_SECONDS = 0.1

    def lock(descriptor: int) -> None:
        """Wait until nobody else holds the file, and hold it until it is closed."""
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK itself would give up after ten seconds
                time.sleep(_WAIT_SECONDS)
            else:
                return

    def lock_shared(descriptor: int) -> None:
        """There is no such lock here."""
        raise OSError("a file cannot be held by several")

    def try_lock(descriptor: int) -> bool:
        """Hold the file until it is closed, if nobody else does now."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def lock(descriptor: int) -> None:
        """Wait until nobody else holds the file, and hold it until it is closed."""
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def lock_shared(descriptor: int) -> None:
        """Hold the file until it is closed, with others who do so; instead of holding it alone, if that is so now."""
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_SH)

    def try_lock(descriptor: int) -> bool:
        """Hold the file until it is closed, if nobody else does now."""
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
