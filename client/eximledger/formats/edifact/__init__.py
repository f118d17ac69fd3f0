"""UN/EDIFACT: invoices (INVOIC) and despatch advices (DESADV), D.96A to D.16B, EANCOM among them."""
