"""The chaincode's life: its image and package, and the calls by which members install, approve and commit it."""
