"""Whose systems come in, with which keys, and what they were answered."""

from gateway.models.answers import Answer, Filing
from gateway.models.clients import Client, Key

__all__ = ["Answer", "Client", "Filing", "Key"]
