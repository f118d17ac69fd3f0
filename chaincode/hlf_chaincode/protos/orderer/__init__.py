"""Fabric's messages in orderer/, generated."""
