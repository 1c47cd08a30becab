"""The same sending twice at the same instant, as a phone does whose line comes back while a page tries again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client

from people.models import User


def twice_at_once(user: User, path: str, sent: dict[str, Any]) -> list[Any]:
    """Send a form twice at once as one person; return both answers. What can be called makes a file for each."""
    together = Barrier(2)
    clients = [Client(headers={"Accept-Language": "en"}) for _one in range(2)]
    for client in clients:
        client.force_login(user)

    def send(client: Client) -> Any:
        try:
            form = {name: value() if callable(value) else value for name, value in sent.items()}
            together.wait(10)
            return client.post(path, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, clients))
