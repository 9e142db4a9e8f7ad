"""What the advertisement detector is trained and measured with; not part of what is installed."""
