"""Fabric's messages in msp/, generated."""
