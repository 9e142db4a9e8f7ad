"""The tests beside the rules, run on a setup; where one fails, the setup is not taken over."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot import extensions
from bot.configuration import load_setup
from bot.setup import Setup
from rules.errors import ConfigError
from rules.events import Event
from rules.gate_tests import run_gate_tests
from rules.selftest import TestResult, run_tests
from rules.verdict import Detector, Verdict


def results(setup: Setup) -> Iterator[TestResult]:
    """The result of every test. Raises ``ExtensionError`` for a detector that cannot be loaded."""
    found = make_detectors(setup)

    def look(event: Event) -> Mapping[str, Verdict]:
        return {name: detector.look(event) for name, detector in found.items()}

    known = extensions.steps().actions
    yield from run_gate_tests(setup.rulebook, setup.config, setup.places)
    yield from run_tests(
        setup.rulebook, setup.config, setup.places, setup.commands, look if found else None, tuple(known)
    )


def load_tested(path: Path | str) -> Setup:
    """The setup of a file whose tests pass. Raises ``ConfigError``: a test that fails is a complaint too."""
    setup = load_setup(path)
    failed = [result.complaint() for result in results(setup) if not result.passed]
    if failed:
        raise ConfigError(failed)
    return setup


def make_detectors(setup: Setup, known: Mapping[str, Detector] | None = None) -> dict[str, Detector]:
    """The detectors that rules name, but for those that are ``known`` already. Raises ``ExtensionError``."""
    installed = extensions.detectors()
    wanted = sorted(setup.rulebook.detectors - set(known or ()))
    return {name: installed[name]() for name in wanted if name in installed}
