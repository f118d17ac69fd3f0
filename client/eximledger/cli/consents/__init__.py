"""Commands on consent: an exporter's keys and papers away from any ledger, and filing them."""
