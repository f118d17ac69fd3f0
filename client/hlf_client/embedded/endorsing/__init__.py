"""The endorsing side: a call simulated on a snapshot as the peer of one organisation, and signed."""
