"""The servers of a test run end with it, however it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.local_services import processes
from config.local_services.places import BASE_DIR

WAITING = """
import os, time
def test_waits():
    folder = os.environ["LINLI_TEST_SERVERS"]
    print("READY", folder, open(folder + "/state/pgdata/postmaster.pid").readline().strip(), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(("sent", "deletes"), [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGKILL, False)])
def test_the_servers_of_a_run_end_with_it(bare_environ, folder, sent, deletes):
    (folder / "test_waiting.py").write_text(WAITING)
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-c", str(BASE_DIR / "pyproject.toml"), str(folder)]
    with subprocess.Popen(
        command, cwd=BASE_DIR, env=dict(bare_environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        said = next((line for line in run.stdout if "READY" in line), "")
        made, number = said.split()[-2:]

        run.send_signal(sent)
        run.communicate(timeout=100)

    assert processes.wait_until(lambda: not processes.command_line(int(number)), seconds=60)
    assert Path(made).exists() is not deletes
