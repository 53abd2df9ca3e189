"""Everything that is done on legs between departments, one verb per function."""
