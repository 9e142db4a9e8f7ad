"""Platforms: what happens there as events, our effects carried out there."""
