"""The list of matters, the search box and the morning page among many petitions, beside a bare page of the same rows.

``python -m tests.bench.bench_lists [petitions]``: 100,000 unless told; the promise is made for 1,000,000, one in twenty
of them open. The bare page stands behind the same middleware for the same signed-in dispatcher of a subdistrict and
shows the same fifty rows by one query and a plain template. Processor time in this process, DEBUG off, in turn; for
the search the time of its statements in the database.
"""

import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from statistics import median

from tests.bench.database import database

REQUESTS = 25
LIST_TIMES, MORNING_TIMES, LIST_QUERIES, MORNING_QUERIES, SEARCH_MS, ROWS = 3.5, 2.0, 12, 20, 50.0, 50
LIST, BARE, MORNING = "/admin/matters/", "/bare/list/", "/admin/"


def main(arguments: list[str]) -> int:
    """Print the figures; fail beyond a limit."""
    petitions = int(arguments[0]) if arguments else 100_000
    with database(settings={"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings"}):
        from django.core.management import call_command
        from django.test import Client
        from django.utils import timezone

        from grids.models import Post
        from people.models import User
        from tests.bench import lists_data

        call_command("collectstatic", verbosity=0, interactive=False)
        now, begun = timezone.now(), time.monotonic()
        lists_data.build(petitions, now=now)
        print(f"{petitions:,} petitions loaded in {time.monotonic() - begun:.0f} s")  # noqa: T201
        who = User.objects.get(pk=Post.objects.get(area=lists_data.STREET, kind="dispatcher").pk)
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "zh-hans"})
        client.force_login(who)
        passed = [_pages(client), _search(who, now)]
        return 0 if all(passed) else 1


def _pages(client) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = {
        "bare page": BARE,
        "list": LIST,
        "list, far down": f"{LIST}?after={_deep('next_due_at')}",
        "all, far down": f"{LIST}?status=all&after={_deep('submitted_at')}",
        "list, filtered": f"{LIST}?status=all&category=01&urgency=normal",
        "list by words": f"{LIST}?status=all&q=垃圾桶",
        "morning": MORNING,
    }
    spent: dict[str, list[float]] = {name: [] for name in addresses}
    for name, url in addresses.items():
        answer = client.get(url)
        assert answer.status_code == HTTPStatus.OK, url
        rows = answer.content.count(b"<tr data-row" if url == BARE else b'<th scope="row">')
        assert rows == ROWS or url == MORNING, (name, rows)
    for _request in range(REQUESTS):
        for name, url in addresses.items():
            begun = time.process_time()
            client.get(url)
            spent[name].append((time.process_time() - begun) * 1000)
    bare, passed = median(spent["bare page"]), True
    for name, url in addresses.items():
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        took, times = (time.perf_counter() - begun) * 1000, median(spent[name]) / bare
        most, limit = (MORNING_QUERIES, MORNING_TIMES) if url == MORNING else (LIST_QUERIES, LIST_TIMES)
        good = times <= limit and len(queries) <= most
        passed = passed and good
        print(  # noqa: T201
            f"{name}: {median(spent[name]):.1f} ms of processor, {times:.2f} times the bare page (limit {limit}),"
            f" {len(queries)} queries (limit {most}), {took:.0f} ms in all  {'PASS' if good else 'FAIL'}"
        )
    return passed


def _deep(key: str) -> str:
    """Return the cursor of a row far down the list."""
    from petitions.models import Petition
    from tests.bench.lists_data import STREET

    rows = Petition.objects.filter(street=STREET).exclude(**{key: None})
    rows = rows.open().order_by(key, "pk") if key == "next_due_at" else rows.order_by(f"-{key}", "-pk")
    moment, pk = rows.values_list(key, "pk")[rows.count() - 6 * ROWS]
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}~{pk}"


def _search(who, now) -> bool:
    from django.db import connection

    from grids import posts
    from petitions import finding
    from petitions.models import Petition, PetitionQuerySet  # noqa: F401 - the models are loaded before the clock runs
    from tests.bench.lists_data import PLACES, RARE

    staff = posts.staff_for(who, now.date())
    some = Petition.objects.visible_to(staff).order_by("pk").values_list("number", flat=True)[99]
    asked: dict[str, Callable[[], object]] = {
        "a number": lambda: finding.by_number(staff, some),
        "a place": lambda: finding.by_place(staff, "area 10101", at=now),
        "rare words": lambda: finding.by_words(staff, RARE),
        "a compound": lambda: finding.by_words(staff, PLACES[7]),
        "a common word": lambda: finding.by_words(staff, "小区"),
        "a usual word": lambda: finding.by_words(staff, "垃圾桶"),
        "two common words that never meet": lambda: finding.by_words(staff, "垃圾桶满了暖气"),
        "words nobody wrote": lambda: finding.by_words(staff, "大熊猫"),
        "a telephone": lambda: finding.by_phone("13800138000", reason="回访时核对是否本人", by=staff, at=now),
    }
    passed = True
    for name, ask in asked.items():
        took = []
        for _try in range(7):
            watch = _Watch()
            with connection.execute_wrapper(watch):
                ask()
            took.append(watch.ms)
        good = median(took) <= SEARCH_MS
        passed = passed and good
        print(  # noqa: T201
            f"search for {name}: {median(took):.1f} ms in the database, longest {max(took):.1f} (limit {SEARCH_MS:.0f})"
            f"  {'PASS' if good else 'FAIL'}"
        )
    return passed


class _Watch:
    """Adds up what statements take."""

    def __init__(self) -> None:
        self.ms = 0.0

    def __call__(self, execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
