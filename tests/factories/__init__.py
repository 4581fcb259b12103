"""Small made-up things to test with."""
