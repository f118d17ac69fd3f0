"""OASIS UBL 2.0 to 2.4: invoices, orders, despatch advices, waybills and bills of lading."""
