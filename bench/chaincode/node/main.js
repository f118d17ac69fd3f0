// The same key-value chaincode on the official Node shim, as a service.
'use strict';

const shim = require('fabric-shim');

class KeyValue {
    async Init() {
        return shim.success();
    }

    async Invoke(stub) {
        const {fcn, params} = stub.getFunctionAndParameters();
        switch (fcn) {
        case 'kv:put':
            await stub.putState(params[0], Buffer.from(params[1]));
            return shim.success();
        case 'kv:get':
            return shim.success(await stub.getState(params[0]));
        }
        return shim.error(Buffer.from(`there is no function ${fcn}`));
    }
}

shim.server(new KeyValue(), {
    ccid: process.env.CHAINCODE_ID,
    address: process.env.CHAINCODE_SERVER_ADDRESS,
}).start();
