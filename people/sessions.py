"""Sessions in the database, each with its account beside it (``SESSION_ENGINE``)."""

from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils.crypto import get_random_string

from people.inserting import insert
from people.models import Session

KEY_LENGTH: Final = 32


class SessionStore(DatabaseStore):
    """Django's own store over our table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create(self) -> None:
        """Begin a session under a key nobody else can have: the table refuses a second one, so none is looked for."""
        self._session_key = get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
        self.modified = True
        if connection.in_atomic_block:
            self.save(must_create=True)
        else:
            insert([self.create_model_instance(dict(self.items()))])

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for ``data``, under the account that is signed in."""
        row = super().create_model_instance(data)
        if not isinstance(row, Session):
            raise TypeError
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return row
