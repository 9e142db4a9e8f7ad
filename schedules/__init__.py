"""Time: when a schedule is due, and something to wake us then."""
