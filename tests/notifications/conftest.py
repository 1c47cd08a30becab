from collections.abc import Iterator

import pytest

from tests.notifications.mailing import MailServer
from tests.notifications.posting import SECRET, Gateway


@pytest.fixture
def mail(settings) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "linli@example.org"
    yield server
    server.hold.set()
    server.stop()


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """A server that SMS are posted to; group chats may use it too."""
    server = Gateway().start()
    settings.SMS_URL, settings.SMS_SECRET, settings.NOTIFY_ALLOW_PRIVATE = server.url, SECRET, True
    yield server
    server.stop()
