"""Keys, certificates and the signers made of them."""
