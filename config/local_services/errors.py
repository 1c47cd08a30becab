"""What can go wrong with the machine we stand on."""


class Trouble(Exception):  # noqa: N818 - it is the word the person reads
    """One clear sentence for the person at the terminal; never a traceback."""
