"""A loan from its application to its end: applied for, shown and decided, converted, taken along."""
