"""What a loan officer reads: terminal, HTML, JSON."""
