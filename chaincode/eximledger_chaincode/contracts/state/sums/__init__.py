"""Sums of what an exporter declared, received and invoiced: by month, in parts, kept up as documents are filed."""
