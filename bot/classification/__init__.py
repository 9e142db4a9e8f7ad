"""Classifying texts outside of any group: what `groupkeeper classify` and `groupkeeper evaluate` share."""
