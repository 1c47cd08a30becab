"""Whose systems come in, with which keys, what they were answered, and what they are told."""

from gateway.models.answers import Answer, Filing
from gateway.models.changes import Callback, Change
from gateway.models.clients import Client, Key

__all__ = ["Answer", "Callback", "Change", "Client", "Filing", "Key"]
