"""Gathering what members can get, and looking in it for secrets, for guessed hashes and for an amount."""
