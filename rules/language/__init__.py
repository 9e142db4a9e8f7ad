"""The rule language: YAML into ``rules.config.Config``, every fault told at its line."""
