"""The privacy notice, made from what the models declare: for each group of fields its purpose, ground and time."""

from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.utils.text import capfirst

from people.retention import Personal

# A new version whenever a purpose, a ground, a time or a kind of data changes; a petition keeps the one it was sent
# under, a consent the one it was given under. tests/people/test_notice.py holds the digest of what it says.
VERSION: Final = "2026-11-23c"
# Not what a person would call data of his: an index, a digest, the language of our letters to him.
UNNAMED: Final = frozenset({"phone_index", "name_index", "bigrams"})


@dataclass(frozen=True, slots=True)
class Group:
    """The personal fields of one model, in words."""

    title: str
    fields: tuple[str, ...]
    declared: Personal
    model: str

    @property
    def sensitive(self) -> bool:
        """Whether some of them need a separate consent."""
        return bool(self.declared.sensitive)


def groups(*, subjects: str = "resident") -> tuple[Group, ...]:
    """Return what we keep about residents, or about staff; by the order of the models, histories left out."""
    found = []
    for model in apps.get_models():
        declared = getattr(model, "personal", None)
        tracked = hasattr(model, "pgh_tracked_model") or model._meta.proxy  # noqa: SLF001 - Django's public name
        if not isinstance(declared, Personal) or not declared.fields or declared.subjects != subjects or tracked:
            continue
        named = [name for name in declared.fields if name not in UNNAMED]
        labels = tuple(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in named)  # noqa: SLF001
        title = capfirst(str(model._meta.verbose_name_plural))  # noqa: SLF001
        found.append(Group(title, labels, declared, model._meta.label))  # noqa: SLF001
    return tuple(sorted(found, key=lambda group: group.model))
