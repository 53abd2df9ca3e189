"""Reading goods and money."""
