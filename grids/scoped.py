"""One base for the registers of every app: what a person may not see is in no list, choice, preview or history.

A model's queryset says who sees what (``visible_to(staff)``); here is the one place where the admin asks it.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol, cast

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids.backends import staff_today
from grids.forms import AccountField
from grids.models import Area, AreaQuerySet
from grids.permissions import KEEPERS, Register, may_keep, may_see
from grids.staff import Staff
from people.models import User


class Scoped(Protocol):
    """A queryset that knows who sees what."""

    def visible_to(self, staff: Staff) -> QuerySet[Any]:
        """Only what this person may see."""


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person with today's posts, asked for once in a request; without any post for everybody else."""
    known: Staff | None = getattr(request, "staff", None)
    if known is None:
        user = request.user if isinstance(request.user, User) else User(is_active=False)
        known = staff_today(user)
        request.staff = known  # type: ignore[attr-defined]
    return known


def visible(queryset: QuerySet[Any], staff: Staff) -> QuerySet[Any]:
    """What the person may see of a queryset; all of it if its model has no rule of its own."""
    return cast("Scoped", queryset).visible_to(staff) if hasattr(queryset, "visible_to") else queryset


class ScopedAdmin(admin.ModelAdmin):
    """A register that shows and offers only what the person may see, and lets him change only what he keeps.

    ``register`` names the row of ``permissions.KEEPERS``; without one nobody but administrators changes anything.
    ``area_path(obj)`` says where a row belongs, for that check.
    """

    register: ClassVar[Register | None] = None
    show_full_result_count = False
    list_per_page = 50

    def area_path(self, obj: Any) -> str | None:
        """The path of the area a row belongs to; None for a row without one, which administrators keep."""
        area = obj if isinstance(obj, Area) else getattr(obj, "area", None)
        return area.path if area else None

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may add rows or, with ``obj``, change this one."""
        staff = staff_of(request)
        if staff.is_administrator:
            return True
        if self.register is None:
            return False
        if obj is None:
            return may_keep(staff, self.register)
        path = self.area_path(obj)
        return path is not None and may_keep(staff, self.register, path)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Django's, as far as the person may see."""
        return visible(super().get_queryset(request), staff_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the register is in the list of registers."""
        return may_see(staff_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - the queryset scopes
        """Rows out of sight never get this far."""
        return may_see(staff_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the table of keepers."""
        return self.may_keep(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the table of keepers and the row's area."""
        return self.may_keep(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never: areas, posts and appointments are closed, their history stays. Registers that may, say so."""
        return False

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer, and accept, only rows in sight; areas only where the person keeps this register."""
        if db_field.remote_field.model is User:
            return db_field.formfield(form_class=AccountField)
        staff = staff_of(request)
        offered = kwargs.get("queryset")
        if offered is None:
            offered = db_field.remote_field.model._default_manager.get_queryset()  # noqa: SLF001 - Django's own way
        offered = visible(offered, staff)
        if issubclass(db_field.remote_field.model, Area) and not staff.is_administrator:
            keepers = KEEPERS[self.register] if self.register else frozenset()
            offered = cast("AreaQuerySet", offered).under_any(staff.reach(*keepers) if keepers else ())
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.queryset = offered
        return field

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the buttons that lead from a choice to the row behind it: they are for whoever sees that row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, button):
                setattr(widget, button, False)
        return field

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Django's preview; rows out of sight are counted, not shown, and forbid the deletion."""
        staff = staff_of(request)
        collector: Any = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        hidden: set[tuple[type[Model], Any]] = set()
        for model, rows in collector.model_objs.items():
            keys = {row.pk for row in rows}
            seen = visible(model._default_manager.filter(pk__in=keys), staff)  # noqa: SLF001 - Django's own way
            hidden |= {(model, key) for key in keys - set(seen.values_list("pk", flat=True))}
        shown = _masked(hidden)
        protected = [shown(row) for row in collector.protected]
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in collector.model_objs.items()}  # noqa: SLF001
        needed = {str(model._meta.verbose_name) for model, _key in hidden}  # noqa: SLF001
        listed = collector.nested(shown)
        if hidden:
            more = ngettext("and %(count)s row out of your sight", "and %(count)s rows out of your sight", len(hidden))
            listed.append(more % {"count": len(hidden)})
        return listed, counts, needed, protected

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:  # noqa: ARG002
        """A row out of sight does not exist, on the change page and in the history alike."""
        raise Http404(_("There is no such row."))


class ScopedInline(admin.TabularInline):
    """Rows kept with the row they belong to, by whoever keeps that one."""

    extra = 0

    def _may_keep(self, request: HttpRequest, obj: Any) -> bool:
        keeper = self.admin_site._registry[self.parent_model]  # noqa: SLF001 - Django offers no other way
        return isinstance(keeper, ScopedAdmin) and keeper.may_keep(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Django's, as far as the person may see."""
        return visible(super().get_queryset(request), staff_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - the queryset scopes
        """With the row they belong to."""
        return may_see(staff_of(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the row they belong to."""
        return self._may_keep(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the row they belong to."""
        return self._may_keep(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the row they belong to."""
        return self._may_keep(request, obj)


def _masked(hidden: set[tuple[type[Model], Any]]) -> Callable[[Model], str]:
    def shown(row: Model) -> str:
        name = capfirst(str(row._meta.verbose_name))  # noqa: SLF001
        return name if (type(row), row.pk) in hidden else f"{name}: {row}"

    return shown
