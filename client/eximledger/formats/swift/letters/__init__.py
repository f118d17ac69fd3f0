"""Letters of credit from SWIFT MT7xx: the values of single fields, one message after another, the credits of a file."""
