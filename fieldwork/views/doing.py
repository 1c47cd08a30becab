"""What the pages of one record share: doing one thing on it by its form, and showing a sealed field once."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse

from people.enums import PersonField
from people.errors import Refusal
from people.services import Revealed, reveals_left
from petitions.views.access import StaffRequest

Record_contra = TypeVar("Record_contra", contravariant=True)


class Page(Protocol[Record_contra]):
    """Shows the record again, with the forms that were ``asked``."""

    def __call__(
        self,
        request: StaffRequest,
        one: Record_contra,
        /,
        *,
        asked: Mapping[str, forms.Form] | None = None,
        status: int = HTTPStatus.OK,
    ) -> HttpResponse:
        """Return the page."""


def answered(
    request: StaffRequest,
    one: Record_contra,
    what: str,
    form: forms.Form | None,
    *,
    do: Callable[[], HttpResponse],
    page: Page[Record_contra],
) -> HttpResponse:
    """Do one thing by its form (None: a button is enough). What is refused changes nothing and loses nothing typed."""
    if form is not None and not form.is_valid():
        return page(request, one, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return do()
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return page(request, one, status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return page(request, one, asked={what: form}, status=HTTPStatus(no.status))


def looked_at(request: StaffRequest, field: str, revealed: Revealed) -> dict[str, Any]:
    """Return what the page says that shows a sealed field once."""
    return {
        "field": field,
        "label": PersonField(field).label,
        "value": revealed.value,
        "left": reveals_left(request.user, at=revealed.log.at),
    }
