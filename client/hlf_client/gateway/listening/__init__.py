"""Listening at a gateway: streams of events and blocks, where they begin, and where they go on after a break."""
