"""Sessions in the database, each with its account beside it (``SESSION_ENGINE``)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from people.models import Session


class SessionStore(DatabaseStore):
    """Django's own store over our table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for ``data``, under the account that is signed in."""
        row = super().create_model_instance(data)
        if not isinstance(row, Session):
            raise TypeError
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return row
