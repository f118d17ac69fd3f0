"""The chaincode's life: its image and package, servers, and the definitions that members approve and commit."""
