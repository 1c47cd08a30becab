"""Going through the door as a person does: names, passwords, codes."""

from datetime import datetime, timedelta

import pyotp
from django.test import Client
from django.utils import timezone

from people import factor
from people.models import Authenticator, User
from tests.factories import PASSWORD

LOGIN, CODE, SETUP = "/login/", "/login/code/", "/login/setup/"


def sign_in(client: Client, user: User, password: str = PASSWORD, *, address: str = "192.0.2.7", **post: str):
    return client.post(LOGIN, {"username": user.get_username(), "password": password, **post}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def set_up(user: User, *, at: datetime | None = None) -> tuple[str, list[str]]:
    """Give the account a second factor; return its secret and its recovery codes."""
    at = at or timezone.now() - timedelta(minutes=10)
    factor.begin(user, at=at)
    secret = Authenticator.objects.get(user=user).next_secret
    return secret, factor.confirm(user, code=pyotp.TOTP(secret).at(at), at=at)


def code_now(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30 * steps))
