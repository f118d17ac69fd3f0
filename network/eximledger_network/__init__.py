"""The Go-free network driver: consortium.yaml to running Fabric. Depends on the client for gateway and admin calls."""
