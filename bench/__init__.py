"""How fast and how large the built server is, beside servers that do nothing."""
