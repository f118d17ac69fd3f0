# mypy: disable-error-code="import-not-found, misc, no-untyped-def"
"""The same key-value chaincode on the official Python shim (fabric-chaincode-python), as a service."""

from __future__ import annotations

import os

from fabric_chaincode_python.fabric_shim import response, server
from fabric_chaincode_python.fabric_shim.interfaces import Chaincode, ChaincodeStubInterface


class KeyValue(Chaincode):
    async def init(self, stub: ChaincodeStubInterface):
        return response.success(None)

    async def invoke(self, stub: ChaincodeStubInterface):
        function, arguments = stub.get_function_and_parameters()
        if function == "kv:put":
            await stub.put_state(arguments[0], arguments[1].encode())
            return response.success(None)
        return response.success(await stub.get_state(arguments[0]))


if __name__ == "__main__":
    server.start(KeyValue(), cc_id=os.environ["CHAINCODE_ID"], address=os.environ["CHAINCODE_SERVER_ADDRESS"])
