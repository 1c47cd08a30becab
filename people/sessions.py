"""Sessions in the database, each with its account beside it (``SESSION_ENGINE``)."""

from copy import deepcopy
from secrets import token_hex
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

from people.inserting import insert
from people.models import Session

KEY_LENGTH: Final = 32


class SessionStore(DatabaseStore):
    """Django's own store over our table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    # what of it stands in the table already
    _written: dict[str, Any] | None = None

    def beginning(self) -> Session:
        """Give a session that begins its key, and return its row for whoever writes it in a transaction of his own."""
        self._session_key = token_hex(KEY_LENGTH // 2)
        self._written = deepcopy(dict(self.items()))
        return self.create_model_instance(self._written)

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        """Store it, unless it was written as it is (``beginning``)."""
        if must_create or self._written != dict(self.items()):
            super().save(must_create=must_create)

    def create(self) -> None:
        """Begin a session under a key nobody else can have: the table refuses a second one, so none is looked for."""
        self._session_key = token_hex(KEY_LENGTH // 2)
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
