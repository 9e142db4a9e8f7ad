"""The files of a configuration on disk: those in the folder of the main file, and below it."""

import errno
from pathlib import Path, PurePosixPath

from rules.language.loaded import LARGEST, FileProblem

_CIRCLE = "is a link that leads in a circle"


class DiskFiles:
    """Reads files relative to the folder of the main file. Paths that leave the folder are refused, links included.

    A configuration can be checked by somebody who did not write it, so it must not be able to name any file of the
    machine (and have its content quoted in complaints).
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is that of the main file; every path is relative to it."""
        self.folder = folder.resolve()

    def read(self, path: str) -> bytes:
        """A file's content. Raises ``FileProblem`` where it is missing, unreadable, too big or outside the folder."""
        where = self._inside(path)
        try:
            with where.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            raise FileProblem(f"there is no such file in {self.folder}") from None
        except IsADirectoryError:
            raise FileProblem("is a folder; name a file, or all files in it with /*.yaml") from None
        except PermissionError:
            raise FileProblem("may not be read by this user; change its permissions") from None
        except OSError as error:
            if error.errno == errno.ELOOP:  # Python 3.13 resolves such a link without complaint
                raise FileProblem(_CIRCLE) from None
            raise FileProblem(f"cannot be read: {error.strerror or error}") from None
        if len(data) > LARGEST:
            size = where.stat().st_size
            raise FileProblem(f"is {size / 1_000_000:.1f} MB; a file may have {LARGEST // 1_000_000} MB")
        return data

    def glob(self, pattern: str) -> list[str]:
        """The files that a pattern matches, sorted. Raises ``FileProblem``."""
        self._inside(pattern)
        try:
            found = [path for path in self.folder.glob(pattern) if path.is_file()]
        except (ValueError, NotImplementedError, OSError) as error:
            raise FileProblem(f"`{pattern}` is no pattern: {error}") from None
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def _inside(self, path: str) -> Path:
        parts = PurePosixPath(path.replace("\\", "/"))
        if "\0" in path or not path.strip():
            raise FileProblem("this is no name of a file")
        if parts.is_absolute() or ":" in parts.parts[0]:
            raise FileProblem(f"write the path relative to {self.folder}, without a drive or / in front")
        if ".." in parts.parts:
            raise FileProblem(f"leads out of {self.folder}; put the file inside it")
        where = self.folder.joinpath(*parts.parts)
        try:
            real = where.resolve()
        except (OSError, RuntimeError):
            raise FileProblem(_CIRCLE) from None
        if not real.is_relative_to(self.folder):
            raise FileProblem(f"is a link that leads out of {self.folder}; put the file inside it")
        return where
