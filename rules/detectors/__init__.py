"""Advertisements: what a message says once its tricks are undone, what speaks for an advertisement in it, and how much.

Pure like all of ``rules``: weights, memories and what was learned are handed in.
"""
