"""Bills of lading and sea waybills as DCSA's JSON (Bill of Lading 3.0)."""
