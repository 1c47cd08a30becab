from people.models.accounts import User
from people.models.persons import Person, PersonQuerySet
from people.models.reveals import RevealLog

__all__ = ["Person", "PersonQuerySet", "RevealLog", "User"]
