"""Starts the identity provider of the tests as a process on loopback; bound to this test run, killed with it."""

import os
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT, SECRET = "linli-of-the-tests", "secret-of-the-tests-0123456789"
PEOPLE = {"wangfang": "provider-word-1", "stranger": "provider-word-2"}
SETUP = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
for name, word in {PEOPLE!r}.items():
    User.objects.create_user(name, password=word)
from oauth2_provider.models import Application
import os
Application.objects.create(
    client_id={CLIENT!r}, client_secret={SECRET!r}, client_type="confidential",
    authorization_grant_type="authorization-code", algorithm="RS256", skip_authorization=True,
    redirect_uris=os.environ["PROVIDER_REDIRECTS"], post_logout_redirect_uris=os.environ["PROVIDER_AFTERWARDS"],
)
"""


@dataclass
class Provider:
    """A running provider."""

    process: subprocess.Popen
    issuer: str
    subjects: dict[str, str]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def start(folder: Path, *, site: str) -> Provider:
    """Start it for a site whose addresses it knows."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}/o"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tests.people.provider_settings",
        "PROVIDER_DATABASE": str(folder / "provider.sqlite3"),
        "PROVIDER_KEY": key.decode(),
        "PROVIDER_ISSUER": issuer,
        "PROVIDER_REDIRECTS": f"{site}/login/identity/done/",
        "PROVIDER_AFTERWARDS": f"{site}/login/",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
    }
    subprocess.run([sys.executable, "-c", textwrap.dedent(SETUP)], env=env, cwd=folder, check=True)
    command = [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=2).close()
            return Provider(process, issuer, {name: str(n) for n, name in enumerate(PEOPLE, start=1)})
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    process.kill()
    raise AssertionError((folder / "provider.log").read_text())
