"""Containers: what to run, on which ports, and the way to the Docker engine that runs it."""
