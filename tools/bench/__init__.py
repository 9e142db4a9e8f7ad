"""Measurements with aims: decisions, throughput, start-up, memory. ``make bench``."""
