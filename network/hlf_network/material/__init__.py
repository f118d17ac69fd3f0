"""What a network is made from: keys, certificates, folders and profiles, as files."""
