"""The ways from one schema to the next."""
