"""Pages of members, plans, sales, employers."""
