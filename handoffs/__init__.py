"""Work between departments, suppliers and carriers."""
