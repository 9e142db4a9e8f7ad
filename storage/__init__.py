"""Memory: what is known of groups and members, and the queues, in SQLite or PostgreSQL."""
