"""UN/CEFACT Cross Industry Invoice (Factur-X, ZUGFeRD 2, XRechnung) as commercial invoices."""
