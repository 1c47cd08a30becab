"""Petitions of another system: read from its export, kept as history, their clocks running or stopped as they were."""

from petitions.importing.storing import Imported, import_petitions

__all__ = ["Imported", "import_petitions"]
