"""What can go wrong in the simulated Bot API, in the wording of the real server."""

from typing import Any


class ApiError(Exception):
    """An answer with ``ok: false``: the code, the description and, where there are any, the parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The answer as the real server writes it."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class NotAllowed(Exception):
    """A person tried what Telegram would not let them do: talk while muted, join while banned, ..."""


def bad_request(what: str, **parameters: Any) -> ApiError:
    """400 ``Bad Request: <what>``."""
    return ApiError(400, f"Bad Request: {what}", parameters or None)


def forbidden(what: str) -> ApiError:
    """403 ``Forbidden: <what>``."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """409 ``Conflict: <what>``."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> ApiError:
    """429 with ``retry_after`` in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
