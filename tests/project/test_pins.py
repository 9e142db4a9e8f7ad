"""The pinned requirements say the same as pyproject.toml, and nothing about the machine that made them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?: ;[^\\]*)? \\\n(?P<hashes>(?:    --hash=\S+(?: \\)?\n)*)", re.M
)
FILES = ("run.txt", "wechat.txt", "dev.txt", "build.txt")


def pins(file: str) -> dict[str, tuple[str, int]]:
    """Per package: its version and how many files' hashes are named."""
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    return {
        canonicalize_name(match["name"]): (match["version"], match["hashes"].count("--hash=sha256:"))
        for match in PIN.finditer(text)
    }


def declared(file: str) -> list[Requirement]:
    """What pyproject.toml asks for in the environment that a file pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {
        "run.txt": project["project"]["dependencies"],
        "wechat.txt": project["project"]["dependencies"] + project["project"]["optional-dependencies"]["wechat"],
        "dev.txt": project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"],
        "build.txt": project["build-system"]["requires"],
    }
    return [Requirement(name) for name in names[file]]


@pytest.mark.parametrize("file", FILES)
def test_every_declared_dependency_is_pinned_to_a_version_it_allows(file: str) -> None:
    pinned = pins(file)
    wrong = [
        str(requirement)
        for requirement in declared(file)
        if (pin := pinned.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(pin[0])
    ]
    assert not wrong, f"run `make lock`: requirements/{file} does not pin {', '.join(wrong)}"


@pytest.mark.parametrize("file", FILES)
def test_every_pin_is_hashed(file: str) -> None:
    pinned = pins(file)
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    assert len(pinned) == sum("==" in line and not line.startswith((" ", "#")) for line in lines)
    assert [name for name, (_, hashes) in pinned.items() if hashes < 1] == []


@pytest.mark.parametrize("file", ["run.txt", "wechat.txt"])
def test_the_program_runs_on_the_versions_it_is_tested_with(file: str) -> None:
    dev = pins("dev.txt")
    assert {name: pin for name, pin in pins(file).items() if dev.get(name) != pin} == {}


def test_the_image_is_given_the_requirements_that_it_installs() -> None:
    wanted = re.findall(r"-r (requirements/\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "requirements/wechat.txt" in wanted
    assert [file for file in wanted if f"!{file}" not in let_in or not (ROOT / file).exists()] == []


@pytest.mark.parametrize("file", FILES)
def test_no_pin_names_an_address_or_a_place_on_a_machine(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url\S*|--find-links\S*|(?<=\s)/\S+", text) == []
