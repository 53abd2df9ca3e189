"""The API of goods and money."""
