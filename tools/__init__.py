"""What the project is looked after with; not part of what is installed."""
