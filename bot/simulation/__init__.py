"""A simulated group: people with names and habits, a virtual clock, and the real bot between them."""
