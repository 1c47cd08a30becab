"""The running API against its own document: schemathesis asks what the document allows, and what it does not.

No answer of 500, none that is not in the document, none of another shape or media type, none without a key.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.enums import Scope
from petitions.enums import Status

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,ignored_auth,unsupported_method"
)
SCOPES = [Scope.FILE, Scope.READ, Scope.ACT, Scope.CONTACT, Scope.CLOSED]


def ask(live_server, district, neighbour, folder, *options):
    """Let schemathesis ask a neighbour's questions about a matter that there is; return what it said."""
    petition = district.petition(status=Status.SUBMITTED)
    system = neighbour(scopes=SCOPES, post_kind="dispatcher", per_minute=1_000_000)
    config = Path(folder, "schemathesis.toml")
    config.write_text(f'[parameters]\nnumber = "{petition.number}"\n', encoding="utf-8")
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run"]
    command += [f"{live_server.url}/api/v1/openapi.yaml", "--checks", CHECKS, "--header"]
    command += [f"Authorization: Bearer {system.secret}", "--seed", "1", "--no-color", "--warnings", "off"]
    command += ["--request-timeout", "60", *options]  # the machine may be busy with other tests
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=560)


@pytest.mark.django_db(transaction=True)
def test_no_answer_of_the_running_api_is_outside_of_its_document(live_server, district, neighbour, tmp_path):
    done = ask(live_server, district, neighbour, tmp_path, "--phases", "fuzzing", "--max-examples", "3")

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 27" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_nor_when_it_is_asked_for_long(live_server, district, neighbour, tmp_path):
    phases = "examples,coverage,fuzzing"
    done = ask(
        live_server, district, neighbour, tmp_path, "--phases", phases, "--max-examples", "40", "--max-time", "500"
    )

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
