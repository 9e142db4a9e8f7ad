"""Everyday messages made up: the links, numbers and prices of ordinary talk, which the corpora have hardly any of."""
