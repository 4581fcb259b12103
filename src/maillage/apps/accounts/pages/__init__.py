"""Pages of the month of a body, its exports, its archives."""
