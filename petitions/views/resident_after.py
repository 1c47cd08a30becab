"""What petitioners do by themselves on the way and afterwards: rate, reopen, withdraw. Nothing changes on GET."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.errors import Refusal
from petitions import appeals, petitioner, ratings
from petitions.forms.afterwards import AppealForm, RatingForm, ReopenForm, WithdrawForm
from petitions.models import Petition
from petitions.viewers import Follower
from petitions.views.resident_follow import page, to_the_form


@require_POST
@never_cache
def petition_rate(request: HttpRequest, number: str) -> HttpResponse:
    """Rate what was done. What is refused loses nothing that was typed."""
    petition = followed(request, number)
    if petition is None:
        return to_the_form(number)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return page(request, number, rating=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        ratings.rate(petition, at=timezone.now(), **form.facts())
    except Refusal as no:
        form.add_error(None, str(no))
        return page(request, number, rating=form, status=HTTPStatus(no.status))
    messages.success(request, _("Thank you. Your rating has been kept."))
    return redirect("petition_followed", number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def petition_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what is still wrong, and take the matter up again."""

    def reopen(petition: Petition, at: datetime, facts: dict[str, Any]) -> None:
        petitioner.reopen(petition, at=at, **facts)
        messages.success(request, _("Your matter has been taken up again. Whoever handled it has been told."))

    return _ask(request, number, ReopenForm, reopen, template="petitions/resident/reopen.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def petition_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Say what withdrawing means, and withdraw."""

    def withdraw(petition: Petition, at: datetime, facts: dict[str, Any]) -> None:
        petitioner.withdraw(petition, at=at, **facts)
        messages.success(request, _("You have withdrawn your matter. Whoever handled it has been told."))

    return _ask(request, number, WithdrawForm, withdraw, template="petitions/resident/withdraw.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def petition_appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why it should be taken on, and give it to the level above."""

    def appeal(petition: Petition, at: datetime, facts: dict[str, Any]) -> None:
        appeals.appeal(petition, at=at, **facts)
        messages.success(request, _("Your appeal has gone to the level above. You read the decision here."))

    return _ask(request, number, AppealForm, appeal, template="petitions/resident/appeal.html")


def _ask(
    request: HttpRequest,
    number: str,
    form_class: type[forms.Form],
    act: Callable[[Petition, datetime, dict[str, Any]], None],
    *,
    template: str,
) -> HttpResponse:
    petition = followed(request, number)
    if petition is None:
        return to_the_form(number)
    at = timezone.now()
    if request.method != "POST":
        form = form_class(initial={"version": petition.version})
        return render(request, template, _context(petition, form, at=at))
    form = form_class(request.POST)
    refusal, status = "", HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            act(petition, at, form.cleaned_data)
        except Refusal as no:
            refusal, status = str(no), HTTPStatus(no.status)
            # what he reads now is what he decides on when he sends it again
            version = Petition.objects.only("version").get(pk=petition.pk).version
            form.data = {**form.data, "version": str(version)}
        else:
            return redirect("petition_followed", number)
    return render(request, template, {**_context(petition, form, at=at), "refusal": refusal}, status=status)


def _context(petition: Petition, form: forms.Form, *, at: datetime) -> dict[str, Any]:
    return {
        "petition": petition,
        "form": form,
        "reopen_until": petitioner.may_reopen_until(petition, at=at),
        "may_appeal": appeals.may_appeal(petition),
        "may_withdraw": petitioner.may_withdraw(petition),
    }


def followed(request: HttpRequest, number: str) -> Petition | None:
    """Return the petition if this device has proved it."""
    mine = Petition.objects.visible_to(Follower.of(request.session, at=timezone.now()))
    return mine.select_related("master").filter(number=number).first()
