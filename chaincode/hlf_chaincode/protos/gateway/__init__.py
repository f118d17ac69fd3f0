"""Fabric's messages in gateway/, generated."""
