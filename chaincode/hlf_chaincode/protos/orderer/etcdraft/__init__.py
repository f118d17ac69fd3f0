"""Fabric's messages in orderer/etcdraft/, generated."""
