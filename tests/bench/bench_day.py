"""My day of a worker with three hundred open cases, in a street of many petitions, beside a bare page of the same rows.

``python -m tests.bench.bench_day [petitions]``: 100,000 unless told; the promise is made for 1,000,000. The bare page
stands behind the same middleware for the same signed-in worker and shows the same thirty rows, with the same fields
opened and masked, by one query and a plain template. Processor time in this process, DEBUG off, each page in turn.
"""

import gzip
import sys
import time
from http import HTTPStatus
from statistics import median

from tests.bench.database import database

REQUESTS = 40
TIMES, QUERIES, KILOBYTES, CARDS = 3.0, 12, 80, 30
DAY, BARE = "/grid/", "/bare/day/"


def main(arguments: list[str]) -> int:
    """Print the figures; fail beyond a limit."""
    petitions = int(arguments[0]) if arguments else 100_000
    with database(settings={"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings"}):
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.utils import timezone

        from people.models import User
        from tests.bench import day_data

        call_command("collectstatic", verbosity=0, interactive=False)
        worker = day_data.build(petitions, now=timezone.now())
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "zh-hans"})
        client.force_login(User.objects.get(pk=worker))
        answers = {}
        for url in (DAY, BARE):
            answers[url] = client.get(url)
            assert answers[url].status_code == HTTPStatus.OK, url
            assert answers[url].content.count(b"<li data-card") == CARDS or url == DAY, url
        assert answers[DAY].content.count(b'id="card-') == CARDS
        spent: dict[str, list[float]] = {DAY: [], BARE: []}
        for _request in range(REQUESTS):
            for url, times in spent.items():
                begun = time.process_time()
                client.get(url)
                times.append((time.process_time() - begun) * 1000)
        with CaptureQueriesContext(connection) as queries:
            day = client.get(DAY)
        times = median(spent[DAY]) / median(spent[BARE])
        size = len(gzip.compress(day.content, 6)) / 1024
        passed = times <= TIMES and len(queries) <= QUERIES and size <= KILOBYTES
        print(  # noqa: T201
            f"{petitions:,} petitions, {day_data.OPEN} open: my day {median(spent[DAY]):.1f} ms of processor,"
            f" {times:.2f} times the bare page's {median(spent[BARE]):.1f} ms (limit {TIMES:.1f}),"
            f" {len(queries)} queries (limit {QUERIES}),"
            f" {size:.1f} KB gzipped (limit {KILOBYTES})  {'PASS' if passed else 'FAIL'}"
        )
        return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
