// The same load as bench/sdk/client.py, on the official Node SDK: node main.js CONNECTION CALL IN_FLIGHT COUNT WARM_UP.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const {performance} = require('node:perf_hooks');
const grpc = require('@grpc/grpc-js');
const {connect, hash, signers} = require('@hyperledger/fabric-gateway');

async function main([path, call, inFlight, count, warmUp]) {
    const where = JSON.parse(fs.readFileSync(path, 'utf8'));
    const client = new grpc.Client(where.address, grpc.credentials.createSsl(fs.readFileSync(where.roots)), {
        'grpc.ssl_target_name_override': where.host,
        'grpc.default_authority': where.host,
    });
    const gateway = connect({
        client,
        identity: {mspId: where.msp, credentials: fs.readFileSync(where.certificate)},
        signer: signers.newPrivateKeySigner(crypto.createPrivateKey(fs.readFileSync(where.key))),
        hash: hash.sha256,
    });
    try {
        const contract = gateway.getNetwork(where.channel).getContract(where.chaincode);
        await drive(contract, where, call, where.warm_up_in_flight, Number(warmUp));
        const cpu = process.cpuUsage();
        const begun = performance.now();
        const failures = await drive(contract, where, call, Number(inFlight), Number(count));
        const seconds = (performance.now() - begun) / 1000;
        const {user, system} = process.cpuUsage(cpu);
        console.log(JSON.stringify({operations: Number(count), seconds, cpu: (user + system) / 1e6, failures}));
    } finally {
        gateway.close();
        client.close();
    }
}

// `count` operations, `inFlight` at once; how many failed or were answered wrongly.
async function drive(contract, where, call, inFlight, count) {
    let next = 0;
    let failures = 0;
    const work = async () => {
        while (next < count) {
            const key = `key-${next++ % where.keys}`;
            try {
                const answer = call === 'evaluate'
                    ? await contract.evaluateTransaction('kv:get', key)
                    : await contract.submitTransaction('kv:put', key, where.value);
                if (Buffer.from(answer).toString() !== (call === 'evaluate' ? where.value : where.written)) {
                    failures++;
                }
            } catch (error) {
                failures++;
                console.error(String(error));
            }
        }
    };
    await Promise.all(Array.from({length: inFlight}, work));
    return failures;
}

main(process.argv.slice(2)).catch(error => {
    console.error(error);
    process.exitCode = 1;
});
