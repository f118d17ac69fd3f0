"""Fabric's messages in orderer/smartbft/, generated."""
