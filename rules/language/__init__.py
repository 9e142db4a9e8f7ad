"""The rule language: YAML into ``rules.config.Config``, every fault told at its line.

Reading goes ``decoding`` > ``slips`` > ``compose`` (with ``recover``) > ``include``: one tree in which everything keeps
its place. Building goes ``build`` > ``stepping``: objects, section by section. ``checks`` looks across all of them.
"""

from rules.language.dump import dump
from rules.language.load import load
from rules.language.loaded import LARGEST, FileProblem, Files, Loaded
from rules.language.schema import example_blocks, schema

__all__ = ["LARGEST", "FileProblem", "Files", "Loaded", "dump", "example_blocks", "load", "schema"]
