"""The chaincode that a server is told to run, by the name of the function that makes it."""

from __future__ import annotations

import importlib
from typing import Final

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import InvalidDocument

__all__ = ["FACTORY", "chaincode_from"]

FACTORY: Final = "CHAINCODE_FACTORY"


def chaincode_from(factory: str) -> Chaincode:
    """Call `module:function`. Raises `InvalidDocument` when there is none or it makes something else."""
    if not factory:
        raise InvalidDocument("say which chaincode: --chaincode module:function, or $CHAINCODE_FACTORY", field=FACTORY)
    module, _, name = factory.partition(":")
    try:
        made: object = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, ValueError) as error:
        raise InvalidDocument(f"no chaincode at {factory!r}: {error}", field=FACTORY) from None
    if not isinstance(made, Chaincode):
        raise InvalidDocument(f"{factory} makes no chaincode", field=FACTORY)
    return made
