"""The files of a configuration on disk."""

import os

import pytest

from bot.files import DiskFiles
from rules.language import FileProblem


def test_files_are_read_relative_to_the_folder(tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "b.yaml").write_text("b: 1\n")
    (tmp_path / "copy" / "a.yaml").write_text("a: 1\n")
    (tmp_path / "copy" / "folder.yaml").mkdir()
    files = DiskFiles(tmp_path)
    assert files.read("copy/a.yaml") == b"a: 1\n"
    assert files.glob("copy/*.yaml") == ["copy/a.yaml", "copy/b.yaml"]
    assert files.glob("none/*.yaml") == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("gone.yaml", "there is no such file in "),
        ("copy", "is a folder"),
        ("/etc/passwd", "write the path relative to "),
        ("C:\\secret.yaml", "write the path relative to "),
        ("../other.yaml", "leads out of "),
        ("copy/../../other.yaml", "leads out of "),
        ("..\\other.yaml", "leads out of "),
        ("link.yaml", "is a link that leads out of "),
        ("round.yaml", "circle"),
        ("big.yaml", "is 2.0 MB; a file may have 2 MB"),
        ("", "this is no name of a file"),
        ("a\0b", "this is no name of a file"),
        ("x" * 300, "cannot be read: "),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, path, why):
    folder = tmp_path / "config"
    (folder / "copy").mkdir(parents=True)
    (tmp_path / "other.yaml").write_text("secret")
    (folder / "link.yaml").symlink_to(tmp_path / "other.yaml")
    (folder / "round.yaml").symlink_to(folder / "round.yaml")
    (folder / "big.yaml").write_bytes(b"#" * 2_000_001)
    with pytest.raises(FileProblem, match=why):
        DiskFiles(folder).read(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\n")
    (tmp_path / "a.yaml").chmod(0)
    with pytest.raises(FileProblem, match="may not be read"):
        DiskFiles(tmp_path).read("a.yaml")


def test_patterns_do_not_leave_the_folder(tmp_path):
    with pytest.raises(FileProblem, match="leads out of"):
        DiskFiles(tmp_path).glob("../*.yaml")
    with pytest.raises(FileProblem, match="relative"):
        DiskFiles(tmp_path).glob("/etc/*.yaml")
