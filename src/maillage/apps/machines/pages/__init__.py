"""The pages of machines."""
