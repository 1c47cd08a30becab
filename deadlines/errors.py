"""What the deadline engine refuses, and what it cannot do."""

from people.errors import BadInput


class PolicyError(BadInput):
    """The policies file, or an edit of it, says something that cannot be."""


class NoPolicyInForce(BadInput):
    """No version of the policy is valid on that day."""
