"""The filing page through the real server: at most 50 KB in at most 6 requests at first, and filing on a 2G line."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser

from petitions.models import Petition
from petitions.posters import filing_page
from tests.petitions.filing import NEW, WORDS
from tests.processes import ROOT, environment, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
MOST_BYTES, MOST_REQUESTS = 50_000, 6
# what browsers call "regular 2G": a third of a second to the server, 250 kbit/s down, 50 kbit/s up
ON_2G = {"offline": False, "latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8}


@pytest.fixture(scope="module")
def served(django_db_setup, tmp_path_factory) -> Iterator[str]:
    """Serve as in production: gunicorn, files with their digest in the name and compressed."""
    tmp_path = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = environment(
        STATIC_ROOT=str(tmp_path / "static"),
        STATICFILES_BACKEND="whitenoise.storage.CompressedManifestStaticFilesStorage",
        PUBLIC_URL=f"http://127.0.0.1:{port}",
    )
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True, timeout=120)
    log = (tmp_path / "gunicorn.log").open("wb")
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, stdout=log, stderr=subprocess.STDOUT)

    def answers() -> bool:
        with closing(socket.socket()) as door:
            return door.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(answers, message="gunicorn does not answer")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
        log.close()


def test_the_filing_page_comes_in_six_requests_and_fifty_kilobytes(chromium: Browser, served, district):
    for path in (NEW, filing_page(district.unit)):
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        asked, got = [], []
        wire.on("Network.requestWillBeSent", lambda one, asked=asked: asked.append(one["request"]["url"]))
        wire.on("Network.loadingFinished", lambda one, got=got: got.append(int(one["encodedDataLength"])))

        page.goto(f"{served}{path}", wait_until="networkidle")

        over_the_wire = [url for url in asked if not url.startswith("data:")]
        assert len(got) >= len(over_the_wire)
        assert len(over_the_wire) <= MOST_REQUESTS, over_the_wire
        assert 10_000 < sum(got) <= MOST_BYTES, dict(zip(asked, got, strict=False))
        context.close()


def test_on_a_2g_line_the_form_is_there_in_eight_seconds_and_the_matter_is_filed(chromium: Browser, served, district):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    context.set_default_timeout(40_000)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", ON_2G)

    begun = time.monotonic()
    page.goto(f"{served}{filing_page(district.unit)}", wait_until="load")
    waited = time.monotonic() - begun
    page.fill("[name=text]", WORDS)
    for step in ("check", "send"):
        with page.expect_navigation(wait_until="load"):
            page.locator(f"main button[name=step][value={step}]").click()

    assert 1 < waited < 8, "over a second: the line was slow indeed"
    assert Petition.objects.get(number=page.locator("#number").inner_text()).place == district.unit
    context.close()
