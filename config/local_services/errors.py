"""What can go wrong with the machine we stand on."""


class Trouble(Exception):
    """One clear sentence for the person at the terminal; never a traceback."""
