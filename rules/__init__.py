"""The vocabulary, the rule language and the pure engine: no I/O, no clock, no chance."""
