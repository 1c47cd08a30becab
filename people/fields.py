"""A sealed field reads and writes like a string; only its ciphertext is stored."""

from typing import Self, overload

from django.db import models
from django.views.decorators.debug import sensitive_variables

from people import crypto


class Sealed:
    """Descriptor over a ``BinaryField`` of a model whose primary key is made in Python.

    ::

        original_sealed = models.BinaryField(null=True)
        original = Sealed("original_sealed")

    Nothing is cached: what you read is what the column holds now, also after ``refresh_from_db()``.
    An empty text is stored as NULL where the column allows it, as empty bytes elsewhere. It is no
    model field: it cannot be given to the constructor, filtered or printed by accident.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, instance: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, instance: models.Model, owner: type[models.Model]) -> str: ...
    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Self | str:
        if instance is None:
            return self
        blob = getattr(instance, self.column)
        if not blob:
            return ""
        table, column, row = self._place(instance)
        return crypto.unseal(blob, table=table, column=column, row=row)

    @sensitive_variables("text")
    def __set__(self, instance: models.Model, text: str) -> None:
        """Seal ``text`` into the column of this instance (unsaved).

        :raises ValueError: if the instance has no primary key yet
        """
        field = instance._meta.get_field(self.column)  # noqa: SLF001 - Django's public name for its metadata
        table, column, row = self._place(instance)
        if not text:
            setattr(instance, self.column, None if field.null else b"")
            return
        setattr(instance, self.column, crypto.seal(text, table=table, column=column, row=row))

    def key_id(self, instance: models.Model) -> str:
        """Return the id of the key the stored blob was sealed with; empty if nothing is stored.

        :raises BrokenSeal: if it is no blob of ours
        """
        blob = getattr(instance, self.column)
        return crypto.key_id_of(bytes(blob)) if blob else ""

    def _place(self, instance: models.Model) -> tuple[str, str, object]:
        field = instance._meta.get_field(self.column)  # noqa: SLF001 - as above
        if not isinstance(field, models.BinaryField):
            msg = f"Sealed({self.column!r}) needs a BinaryField."
            raise TypeError(msg)
        model = field.model
        key = model._meta.pk  # noqa: SLF001 - as above
        # A key given as text and the same key read back as a UUID must bind alike.
        row = key.to_python(instance.pk)
        if row is None:
            msg = f"{type(instance).__name__} needs its primary key before {self.column} can be sealed."
            raise ValueError(msg)
        return model._meta.db_table, field.column or self.column, row  # noqa: SLF001 - as above
