"""Filing, and the two pages a resident opens most, beside bare views behind the same middleware.

``python -m tests.bench.bench_filing [seconds a round]``: two workers of the production server, eight browsers that
each file one matter after another; then the processor time of one request in this process, DEBUG off.
"""

import http.client
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from tests.bench.database import database

ROUNDS, SECONDS, BROWSERS = 5, 6, 8
SHARE = 0.30  # of the bare view's requests a second
TIMES, QUERIES, REQUESTS = 3.0, 8, 40  # of a trivial page's processor time; queries; how often each is opened
NEW, BARE, BARE_PAGE = "/petitions/new/", "/bare/", "/bare/page/"
WORDS = "3号楼前的垃圾桶满了两天，味道很大，一直没有人来清。"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def verdict(*, passed: bool) -> str:
    """Return the word for it."""
    return "PASS" if passed else "FAIL"


@contextmanager
def server(variables: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Run gunicorn as the demo does, with two workers; the value is its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "30"]
    command += ["--control-socket", str(folder / "gunicorn.ctl")]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, env=dict(variables), stdout=log, stderr=log)
    try:
        for _try in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=30).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


class Browser:
    """One connection that is kept, and the token of its forms; no session, as of somebody who files for once."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.line.request("GET", NEW)
        answer = self.line.getresponse()
        page = answer.read().decode()
        found = TOKEN.search(page)
        assert found is not None, answer.status
        self.token = found.group(1)
        cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        self.headers = {
            "Cookie": "; ".join(cookie for cookie in cookies if cookie.startswith("csrftoken")),
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def send(self, url: str, fields: Mapping[str, str]) -> float:
        """Post once; return the seconds until the whole answer was there.

        :raises AssertionError: unless it was taken
        """
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        begun = time.perf_counter()
        self.line.request("POST", url, body=body, headers=self.headers)
        answer = self.line.getresponse()
        answer.read()
        assert answer.status == http.HTTPStatus.FOUND, f"{url}: {answer.status}"
        return time.perf_counter() - begun


def load(browsers: list[Browser], seconds: float, url: str, fields: Callable[[], Mapping[str, str]]) -> list[float]:
    """Let all browsers post for some seconds; return how long each request took."""
    end = time.perf_counter() + seconds

    def one(browser: Browser) -> list[float]:
        took = []
        while time.perf_counter() < end:
            took.append(browser.send(url, fields()))
        return took

    with ThreadPoolExecutor(len(browsers)) as pool:
        return [spent for times in pool.map(one, browsers) for spent in times]


def throughput(port: int, place: str, seconds: float) -> bool:
    """Print filed matters a second beside the bare view, in turn; and how many the database has."""
    from petitions.models import Petition

    def filed() -> Mapping[str, str]:
        return {"client_key": str(uuid.uuid4()), "text": WORDS, "place": place, "step": "send"}

    browsers = [Browser(port) for _browser in range(BROWSERS)]
    before, taken = Petition.objects.count(), 0
    load(browsers, 2, BARE, lambda: {"text": WORDS})
    taken += len(load(browsers, 2, NEW, filed))  # the first requests load the code
    ours, bare, times = [], [], []
    for _round in range(ROUNDS):
        bare.append(len(load(browsers, seconds, BARE, lambda: {"text": WORDS})) / seconds)
        took = load(browsers, seconds, NEW, filed)
        taken += len(took)
        times += took
        ours.append(len(took) / seconds)
    share = median(ours) / median(bare)
    kept = Petition.objects.count() - before
    passed = share >= SHARE and kept == taken
    say(f"filed a second      {median(ours):>8.1f}   ({' '.join(f'{rate:.1f}' for rate in ours)})")
    say(f"bare, three rows    {median(bare):>8.1f}   ({' '.join(f'{rate:.1f}' for rate in bare)})")
    slow = quantiles(times, n=20)[18] * 1000
    say(f"ratio {share:.2f}, wanted {SHARE:.2f}; p95 {slow:.0f} ms with {BROWSERS} browsers;")
    say(f"{taken:,} answered, {kept:,} kept  {verdict(passed=passed)}")
    return passed


def pages(place: str) -> bool:
    """Print processor time and queries of the filing page and of the follow page beside the trivial page's."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    posted = client.post(NEW, {"client_key": str(uuid.uuid4()), "text": WORDS, "place": place, "step": "send"})
    number = posted.headers["Location"].rstrip("/").rsplit("/", 1)[-1]
    addresses = {"trivial page": BARE_PAGE, "filing page": NEW, "follow page": f"/petitions/follow/{number}/"}
    spent: dict[str, list[float]] = {name: [] for name in addresses}
    for name, url in addresses.items():
        assert client.get(url).status_code == http.HTTPStatus.OK, name
    for _request in range(REQUESTS):
        for name, url in addresses.items():
            begun = time.process_time()
            client.get(url)
            spent[name].append((time.process_time() - begun) * 1000)
    trivial, passed = median(spent["trivial page"]), True
    for name, url in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        times = median(spent[name]) / trivial
        fits = name == "trivial page" or (times <= TIMES and len(queries) <= QUERIES)
        passed = passed and fits
        say(
            f"{name:<14}{median(spent[name]):>7.2f} ms of processor, {times:.2f} times the trivial page (limit"
            f" {TIMES:.1f}), {len(queries)} queries (limit {QUERIES})  {verdict(passed=fits)}"
        )
    return passed


def main(arguments: list[str]) -> int:
    """Print the figures; fail beyond a limit."""
    seconds = float(arguments[0]) if arguments else SECONDS
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings", "ADDRESS_LIMITS_TIMES": "1000000"}
    with database(settings=settings) as variables, tempfile.TemporaryDirectory() as folder:
        from django.core.management import call_command
        from django.db import connection

        from tests.bench.bare import TABLE
        from tests.factories import District

        call_command("collectstatic", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        place = District.build().building.code
        passed = pages(place)
        with server(variables | {"LINLI_DB_ROLE": "app"}, Path(folder)) as port:
            passed = throughput(port, place, seconds) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
