"""What a network is made from: keys, certificates and folders, as files."""
