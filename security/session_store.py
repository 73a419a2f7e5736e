"""Where browsers' sessions are kept: rows that know whose they are (SESSION_ENGINE)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from security.models import MemberSession


class SessionStore(DatabaseStore):
    """row: the stored session, once it was read or written; None before.

    ended: by this request on purpose (security.services.opening.end_session).
    """

    row: MemberSession | None = None
    ended = False

    @classmethod
    def get_model_class(cls) -> type[MemberSession]:
        return MemberSession

    def _get_session_from_db(self) -> MemberSession | None:
        self.row = super()._get_session_from_db()  # type: ignore[misc]
        return self.row

    def save(self, must_create: bool = False) -> None:
        if must_create:
            self.row = None
        elif self.session_key is not None and self.row is None:
            self._get_session()  # type: ignore[attr-defined]
        super().save(must_create)

    def create_model_instance(self, data: dict[str, Any]) -> MemberSession:
        """The row for the data; what signing in noted there is kept beside it."""
        started_at = data.get("started_at")
        self.row = MemberSession(
            pk=self.row.pk if self.row else None,
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            account_id=data.get(SESSION_KEY),
            started_at=datetime.fromisoformat(started_at) if started_at else timezone.now(),
            ip=data.get("signed_in_ip"),
            client=data.get("client", ""),
        )
        return self.row
