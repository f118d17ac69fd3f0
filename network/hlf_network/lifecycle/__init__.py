"""The chaincode as it is served: its image, and the wheels in it. `hlf_client.admin` installs, approves and commits."""
