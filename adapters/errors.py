"""What can go wrong with a platform, sorted by what dispatch does next."""

from datetime import timedelta

from rules.errors import GroupkeeperError


class AdapterError(GroupkeeperError):
    """The base of all."""


class RetryLater(AdapterError):
    """It did not happen; try again after ``after`` (network, flood control). ``whole_platform``: everything waits."""

    def __init__(self, reason: str, after: timedelta = timedelta(seconds=1), *, whole_platform: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.whole_platform = whole_platform


class Rejected(AdapterError):
    """The platform says no for good (forbidden, gone): park it and tell the staff."""


class TooLate(AdapterError):
    """It could have been done, and cannot any more, which is nobody's fault: nothing is made of it."""


class Unsupported(AdapterError):
    """This platform cannot do that."""


class OutcomeUnknown(AdapterError):
    """It may have happened: the answer was lost after the request had left."""
