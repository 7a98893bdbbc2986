"""Results as tables: tidy numbers, and what a reader sees of them."""
