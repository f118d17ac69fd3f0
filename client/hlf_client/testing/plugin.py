"""pytest's fixture `fabric`, wherever hlf-client is installed. Nothing is imported until it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hlf_client.testing import Fabric

__all__ = ["fabric"]


@pytest.fixture
def fabric() -> Iterator[Callable[..., Fabric]]:
    """Makes networks in memory, each closed after the test: `fabric(basic, organizations=("Org1", "Org2"))`."""
    from hlf_client.testing import Fabric

    made: list[Fabric] = []

    def make(*args: object, **kwargs: object) -> Fabric:
        made.append(Fabric(*args, **kwargs))  # type: ignore[arg-type]  # it checks its own arguments
        return made[-1]

    yield make
    for each in made:
        each.close()
