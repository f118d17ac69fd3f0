"""What pages show of members: certificates, consents, the policy of a bank."""
