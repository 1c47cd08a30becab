"""A district of full size (94,000 houses, 1,150,000 persons) by one command; a household found by telephone in 5 ms.

``python -m tests.bench.bench_scale [ONE_IN]`` or ``make bench ARGS=bench_scale``; 10 loads a tenth of it.
"""

import random
import statistics
import sys
import time

from tests.bench.database import database

LIMIT_MS = 5.0
LOOKED_UP = 300


def main() -> int:
    """Load, look up, print; 1 if the slow end of the look-ups (95 of 100) is over the limit."""
    one_in = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with database():
        from django.core.management import call_command

        from config.scale import DISTRICTS, phone_of
        from fieldwork.households import with_phone

        call_command("load_scale", "liwan", one_in=one_in, verbosity=0)
        persons, chance = DISTRICTS["liwan"].one_in(one_in).persons, random.Random(1)
        took, scale = [], DISTRICTS["liwan"].one_in(one_in)
        for number in (chance.randrange(persons) for _ in range(LOOKED_UP)):
            begun = time.perf_counter()
            [found] = with_phone(phone_of(number))
            shown = found.address()
            took.append((time.perf_counter() - begun) * 1000)
            assert shown
            assert found.people >= persons // scale.houses
        slow = statistics.quantiles(took, n=20)[-1]
        print(  # noqa: T201
            f"a household by telephone, with its address: median {statistics.median(took):.2f} ms, 95 % {slow:.2f} ms, "
            f"longest {max(took):.2f} ms (limit {LIMIT_MS} ms) among {persons:,}"
        )
        return int(slow > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
