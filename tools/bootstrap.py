"""Make ``.venv`` from the hashed lock: ``python3 tools/bootstrap.py runtime|dev``.

Runs under any python3 with pip, before anything is installed; needs no python3-venv, no compiler, no root. Does nothing
when the lock has not changed since. ``INSTALLER=pip`` leaves uv out.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
STAMP = os.path.join(BASE_DIR, ".venv", "synced.json")
VENV_PYTHON = os.path.join(BASE_DIR, ".venv", "bin", "python")
UV = os.path.join(BASE_DIR, ".boot", "bin", "uv")
OLDEST, TOO_NEW = (3, 11), (3, 14)


def main():
    """Bring ``.venv`` up to date for the purpose given."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    digests = {name: _digest(lock) for name, lock in LOCKS.items()}
    if os.path.exists(VENV_PYTHON):
        if _synced().get(kind) == digests[kind]:
            return 0
        if "dev" in _synced():
            kind = "dev"  # a developer who starts the demo keeps his tools
    began = time.time()
    python = _python()
    print("Installing {} into .venv ...".format(LOCKS[kind]), flush=True)
    if not _install(python, LOCKS[kind]):
        return "The packages could not be installed; see above, and 'Trouble' in the README (mirror, certificates)."
    # What serves development serves running too.
    done = {name: digests[name] for name in LOCKS if kind in ("dev", name)}
    with open(STAMP, "w") as out:
        json.dump(done, out)
    print("Installed in {:.0f} s.".format(time.time() - began), flush=True)
    return 0


def _digest(lock):
    with open(os.path.join(BASE_DIR, lock), "rb") as source:
        return hashlib.sha256(source.read()).hexdigest()


def _synced():
    try:
        with open(STAMP) as source:
            return json.load(source)
    except (OSError, ValueError):
        return {}


def _python():
    """Return a Python that the project runs on: this one, or a neighbour with its version in its name."""
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        return sys.executable
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        found = shutil.which("python3.{}".format(minor))
        if found:
            return found
    sys.exit(
        "Linli needs Python 3.11 to 3.13 and python3 is {}.{}; install one of them and name it: "
        "make PYTHON=/path/to/python3.12 demo".format(*sys.version_info[:2])
    )


def _install(python, lock):
    if os.environ.get("INSTALLER") != "pip" and _get_uv(python):
        environment = _uv_environment(python)
        if not os.path.exists(VENV_PYTHON):
            shutil.rmtree(os.path.join(BASE_DIR, ".venv"), ignore_errors=True)
            _run([UV, "venv", "-q", "--python", python, ".venv"], environment)
        sync = [UV, "pip", "sync", "-q", "--python", VENV_PYTHON, "--require-hashes", "--compile-bytecode", lock]
        if os.path.exists(VENV_PYTHON) and _run(sync, environment):
            return True
        print("uv did not succeed; trying pip, which takes longer.", flush=True)
    if not os.path.exists(VENV_PYTHON):
        # --without-pip: Debian keeps what pip needs in a package of its own. Our pip installs from outside.
        _run([python, "-m", "venv", "--clear", "--without-pip", ".venv"])
    pip = [python, "-m", "pip", "--python", VENV_PYTHON, "install", "-q", "--disable-pip-version-check"]
    return os.path.exists(VENV_PYTHON) and _run([*pip, "--require-hashes", "-r", lock])


def _get_uv(python):
    if os.path.exists(UV):
        return True
    # --target is exempt from "externally managed environment".
    pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--target", ".boot"]
    return _run([*pip, "--require-hashes", "-r", "tools/boot.lock"])


def _uv_environment(python):
    """Let uv use what pip is set up with: the user's mirror and certificates."""
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_LINK_MODE=os.environ.get("UV_LINK_MODE", "copy"))
    environment.pop("VIRTUAL_ENV", None)
    shown = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        universal_newlines=True,
    ).stdout
    settings = dict(re.findall(r"^[\w:]+\.([\w-]+)=['\"](.*)['\"]$", shown, re.MULTILINE))
    if settings.get("index-url"):
        environment.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    if settings.get("cert"):
        environment.setdefault("SSL_CERT_FILE", settings["cert"])
    return environment


def _run(command, environment=None):
    return subprocess.run(command, cwd=BASE_DIR, env=environment).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
