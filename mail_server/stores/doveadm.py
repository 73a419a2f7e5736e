"""Dovecot's administration interface (https://doc.dovecot.org/2.3/admin_manual/doveadm_http_api/)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings

from mail_server.plane.config import doveadm_key
from mail_server.stores.base import StoreError, StoreUnavailable

SECONDS = 60
# Of BSD's sysexits, as doveadm ends: no such user, and no such mailbox or session.
NOTHING_THERE = (67, 68)

Rows = list[dict[str, Any]]
# Its name and parameters.
Command = tuple[str, dict[str, object]]


class DoveadmError(StoreError):
    """Dovecot could not do it. code: as doveadm would have ended."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"doveadm {command} ended with {code}")
        self.code = code


class Doveadm:
    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, command: str, **parameters: object) -> Rows:
        """Raises DoveadmError, StoreUnavailable."""
        (answer,) = self.ask_all([(command, parameters)])
        if isinstance(answer, DoveadmError):
            raise answer
        return answer

    def ask_all(self, commands: Sequence[Command]) -> list[Rows | DoveadmError]:
        """Each command's answer, in one exchange. Raises StoreUnavailable."""
        body = [[name, parameters, str(tag)] for tag, (name, parameters) in enumerate(commands)]
        answers = self._post(json.dumps(body))
        return [
            _rows(contents) if kind == "doveadmResponse" else _error(commands[int(tag)], *contents)
            for kind, *contents, tag in answers
        ]

    def _post(self, body: str) -> list[list[Any]]:
        key = base64.b64encode(doveadm_key().encode()).decode()
        connection = HTTPConnection(settings.MAIL_PLANE_DOVECOT_HOST, self.port, timeout=SECONDS)
        try:
            connection.request(
                "POST", "/doveadm/v1", body, {"Authorization": f"X-Dovecot-API {key}"}
            )
            response = connection.getresponse()
            content = response.read()
            if response.status != 200:
                raise StoreUnavailable(f"Dovecot's administration answered {response.status}")
            answers: list[list[Any]] = json.loads(content)
        except (OSError, HTTPException, ValueError) as error:
            raise StoreUnavailable(f"Dovecot's administration is away: {error}") from error
        finally:
            connection.close()
        return answers


def _rows(contents: list[Any]) -> Rows:
    """Of `who` only the first row is in the list, the others stand behind it (2.3.19)."""
    return [
        row for content in contents for row in (content if isinstance(content, list) else [content])
    ]


def _error(command: Command, content: dict[str, Any]) -> DoveadmError:
    return DoveadmError(command[0], int(content.get("exitCode", -1)))
