"""Fabric's messages in peer/lifecycle/, generated."""
