"""China's fully digital invoices (数电票), as far as they are invoices of an export."""
