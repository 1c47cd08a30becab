"""What can go wrong with the machine we stand on."""

from pathlib import Path


class Trouble(Exception):
    """One clear sentence for the person at the terminal; never a traceback."""


def unwritable(folder: Path) -> Trouble:
    """Return the trouble of a folder that another account has made."""
    return Trouble(f"{folder} cannot be written by this account; it was probably made by another one (root?).")
