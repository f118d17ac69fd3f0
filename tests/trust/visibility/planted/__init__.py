"""What is planted: exporters, papers, and the story of two banks that plays them on a ledger through the desk."""
