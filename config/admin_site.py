"""The admin as our staff desk: own sign-in, own shell, and a first page that the morning list will move into."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.faces import staff_of
from deadlines import alarms, faults
from gateway.callbacks import given_up_count
from grids.views import handovers, printing, redivisions, staffing
from notifications.registry import keeper_of
from notifications.services import undelivered_count
from petitions.exporting import may_export
from petitions.permissions import keeps_for_all
from petitions.views import circulars, delays, desk, figure_boards, figures, finding, matters, reports, triage


def _no_page(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:  # noqa: ARG001 - Django's
    """No row has a page of its own outside the desk; Django's answer breaks on a key that is no UUID."""
    raise Http404


class StaffAdminSite(admin.AdminSite):
    """Django's admin with one sign-in for all staff pages and our header instead of its own."""

    site_title = gettext_lazy("Linli")
    site_header = gettext_lazy("Linli")
    index_title = gettext_lazy("Desk")
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Send to the common sign-in page; an account without access to the desk is told so, not sent in a circle."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Your account does not open the desk."))
        target = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect_to_login(target, reverse("login"))

    def password_change(  # type: ignore[override]  # a redirect serves as well as a page of the admin's own
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Send to the common page for it."""
        return redirect("password_change")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Django's, without what our shell does not show: the site link and the list of recent actions."""
        return {**super().each_context(request), "site_url": None}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's, asked for once in a request: its first page wants it twice."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        known: list[Any] | None = getattr(request, "app_list", None)
        if known is None:
            known = super().get_app_list(request)
            request.app_list = known  # type: ignore[attr-defined]  # ours, for this request
        return known

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page of the desk: what the morning asks, then the registers."""
        staff = staff_of(request)
        keeper = keeper_of(request)
        keeps_all = keeper is not None and keeper.keeps_webhooks
        told = {
            "missing_year": alarms.missing_year(at=timezone.now()),
            "undelivered": undelivered_count(keeper),
            "may_export": staff is not None and may_export(staff),
            # which registers are offered, and how: the list is drawn once for everybody who is offered the same
            "registers": [
                (model["object_name"], model["admin_url"], model["add_url"], model["view_only"])
                for app in self.get_app_list(request)
                for model in app["models"]
            ],
            "set_aside": faults.unsettled_count() if keeps_all else 0,
            "not_taken": given_up_count() if staff is not None and keeps_for_all(staff) else 0,
        }
        return super().index(
            request, {**(extra_context or {}), **desk.tiles_for(request), **staffing.lacking(request), **told}
        )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, with our working pages in front."""
        pages: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
            ("posts/", "posts", staffing.posts_page),
            ("staffing/", "staffing", staffing.staffing_page),
            ("staffing/export/", "staffing_export", staffing.staffing_export),
            ("handover/<int:user_id>/", "handover", handovers.handover_page),
            ("boards/", "boards", printing.boards_page),
            ("redivisions/", "redivisions", redivisions.redivision_list),
            ("redivisions/new/", "redivision_new", redivisions.redivision_new),
            ("redivisions/<int:pk>/", "redivision", redivisions.redivision_page),
            ("queue/", "queue", desk.queue),
            ("queue/dispatch/", "dispatch_many", desk.dispatch_many),
            ("queue/delay/", "delay", delays.delay),
            ("queue/triage/", "triage", triage.triage),
            ("circulars/", "circulars", circulars.circular_list),
            ("circulars/new/", "circular_new", circulars.circular_new),
            ("circulars/<int:pk>/", "circular", circulars.circular),
            ("filings/", "filings", circulars.filing_list),
            ("filings/new/", "filing_new", circulars.filing_new),
            ("filings/<int:pk>/", "filing", circulars.filing),
        )
        # these show nothing of the admin's own around them, and do not ask who may open which register
        bare: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
            ("find/", "find", finding.find),
            ("matters/", "matters", matters.matter_list),
            ("matters/columns/", "matter_columns", matters.list_columns),
            ("matters/save/", "matter_list_save", matters.list_save),
            ("matters/<int:pk>/remove/", "matter_list_remove", matters.list_remove),
            ("figures/", "figures", figures.figures_page),
            ("figures/hours/", "figures_hours", figure_boards.hours_page),
            ("figures/ranking/", "figures_ranking", figure_boards.ranking_page),
            ("figures/words/", "figures_words", figure_boards.words_page),
            ("figures/rapid/", "figures_rapid", figure_boards.rapid_page),
            ("figures/mediation/", "figures_mediation", figure_boards.mediation_page),
            ("reports/", "reports", reports.report_list),
            ("reports/<int:pk>/", "report", reports.report_page),
            ("reports/<int:pk>/pdf/", "report_pdf", reports.report_pdf),
            ("reports/<int:pk>/xlsx/", "report_xlsx", reports.report_xlsx),
            ("figures/publish/", "figures_publish", figures.publish),
            ("figures/patterns/", "figures_patterns", figures.patterns_page),
            ("r/<path:content_type_id>/<path:object_id>/", "view_on_site", _no_page),
        )
        ours = (path(route, self.admin_view(self._page(view)), name=name) for route, name, view in pages)
        plain = (path(route, self.admin_view(view), name=name) for route, name, view in bare)
        return [*ours, *plain, *super().get_urls()]

    def _page(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Give a page of ours what every page of the admin shows around it."""

        def within(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            return view(request, **kwargs, **self.each_context(request))

        return within
