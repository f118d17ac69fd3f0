"""FatturaPA 1.2, Italy's electronic invoice."""
