"""Setting up a real district: administrator, areas, staff, duty list. Every part may be repeated."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from tablib import Dataset

from grids.area_import import ImportReport, import_areas
from grids.enums import PostKind
from grids.errors import ImportRefused, RowError
from grids.models import Appointment, Area, DutyMember, Post
from grids.resources import AppointmentResource, OrganisationResource, PostResource
from grids.services import mark_served
from people.errors import BadInput, NotAllowedNow
from people.models import User

ROSTER = ("username", "name", "email", "area_code", "kind", "organisation_code", "starts_on", "duty")
ROSTER_NEEDS = ("username", "name", "area_code", "kind")
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Hired:
    """What a roster brought: new accounts with their first passwords, and how many appointments are new."""

    passwords: dict[str, str]
    appointments: int
    on_duty: int


@transaction.atomic
def bring_areas(files: Sequence[Path], *, serve: str) -> tuple[ImportReport | None, Area]:
    """Import area files (none is fine) and take the area with the code ``serve`` and all below it as ours.

    :raises ImportRefused: naming the rows that are wrong
    :raises BadInput: if there is no such area
    """
    report = import_areas(files) if files else None
    root = Area.objects.filter(code=serve).first()
    if root is None:
        raise BadInput(_("There is no area with the code %(code)s.") % {"code": serve})
    mark_served(root)
    root.refresh_from_db()
    return report, root


@transaction.atomic
def first_administrator(*, username: str, password: str, root: Area, today: date) -> User:
    """Make the first administrator: accounts, posts and areas, not the content of petitions.

    :raises NotAllowedNow: if there is an administrator already
    :raises BadInput: if the name is taken or cannot be one, or the password is too easy
    """
    if User.objects.filter(is_superuser=True).exists():
        raise NotAllowedNow(_("There is an administrator already; more of them are made in the admin."))
    user = User(username=username, display_name=username, is_staff=True, is_superuser=True)
    try:
        validate_password(password, user)
        user.set_password(password)
        user.full_clean()
    except ValidationError as refused:
        raise BadInput(" ".join(refused.messages)) from refused
    user.save()
    post, _made = Post.objects.get_or_create(area=root, kind=PostKind.SYSTEM_ADMINISTRATOR, organisation=None)
    Appointment.objects.create(post=post, user=user, starts_on=today)
    return user


@transaction.atomic
def bring_organisations(file: Path) -> int:
    """Import organisations (code, name, kind, area_code); return how many are new.

    :raises ImportRefused: naming the rows that are wrong
    """
    return int(OrganisationResource().import_rows(_dataset(file), file=file.name).totals["new"])


@transaction.atomic
def hire(file: Path, *, today: date) -> Hired:
    """Bring a roster: one line per appointment, with the columns of ``ROSTER`` (the last four may be left out).

    Accounts and posts are made where they are missing; ``duty`` is a place on the duty list. New accounts get a random
    password that must be changed at the first sign-in.

    :raises ImportRefused: naming the rows that are wrong; nothing is kept then
    """
    rows = list(_roster(file))
    passwords = _accounts(rows, file.name)
    seats = Counter((row["area_code"], row["kind"], row["organisation_code"]) for row in rows)
    known = {
        (area, kind, unit or ""): count
        for area, kind, unit, count in Post.objects.values_list("area__code", "kind", "organisation__code", "seats")
    }
    posts, terms = (
        Dataset(headers=["area_code", "kind", "organisation_code", "seats"]),
        Dataset(headers=["area_code", "kind", "organisation_code", "username", "starts_on"]),
    )
    for row in rows:
        key = (row["area_code"], row["kind"], row["organisation_code"])
        posts.append([*key, max(seats[key], known.get(key, 1))])
        terms.append([*key, row["username"], row["starts_on"] or today.isoformat()])
    PostResource().import_rows(posts, file=file.name)
    appointed = AppointmentResource().import_rows(terms, file=file.name)
    on_duty = put_on_duty((row["username"] for row in rows if row["duty"]), today=today)
    return Hired(passwords, int(appointed.totals["new"]), on_duty)


@transaction.atomic
def put_on_duty(usernames: Iterable[str], *, today: date) -> int:
    """Put these people on the duty list, after those who are on it; return how many are new there.

    :raises BadInput: if one of them has no account
    """
    listed = set(DutyMember.objects.at(today).values_list("user__username", flat=True))
    new = [name for name in dict.fromkeys(usernames) if name not in listed]
    users = {user.username: user for user in User.objects.filter(username__in=new)}
    missing = [name for name in new if name not in users]
    if missing:
        raise BadInput(_("There is no account %(names)s.") % {"names": ", ".join(missing)})
    DutyMember.objects.bulk_create(
        DutyMember(user=users[name], position=position) for position, name in enumerate(new, start=len(listed) + 1)
    )
    return len(new)


def _roster(file: Path) -> Iterator[dict[str, str]]:
    sheet = _dataset(file)
    missing = [name for name in ROSTER_NEEDS if name not in (sheet.headers or [])]
    if missing:
        raise ImportRefused(
            [RowError(file.name, 1, _("The heading lacks the column %(names)s.") % {"names": ", ".join(missing)})]
        )
    for row in sheet.dict:
        yield {name: "" if row.get(name) is None else str(row[name]).strip() for name in ROSTER}


def _accounts(rows: Sequence[dict[str, str]], file: str) -> dict[str, str]:
    """Make the accounts that are missing; return their first passwords."""
    known = {user.username: user for user in User.objects.filter(username__in={row["username"] for row in rows})}
    passwords: dict[str, str] = {}
    errors: list[RowError] = []
    for line, row in enumerate(rows, start=2):
        name = row["username"]
        if name in known:
            if known[name].display_name != row["name"]:
                words = _("The account %(username)s belongs to somebody with another name.")
                errors.append(RowError(file, line, words % {"username": name}))
            continue
        passwords[name] = secrets.token_urlsafe(9)
        user = User(username=name, display_name=row["name"], email=row["email"], is_staff=True)
        user.set_password(passwords[name])
        user.must_change_password = True
        known[name] = user
        try:
            user.full_clean()
        except ValidationError as refused:
            errors += [RowError(file, line, message) for message in refused.messages]
        else:
            user.save()
    if errors:
        raise ImportRefused(errors)
    return passwords


def _dataset(file: Path) -> Dataset:
    try:
        if file.suffix.lower() == ".xlsx":
            return Dataset().load(file.read_bytes(), format="xlsx")
        for encoding in ENCODINGS:
            try:
                return Dataset().load(file.read_text(encoding=encoding), format="csv")
            except UnicodeDecodeError:
                continue
    except OSError as error:
        raise BadInput(_("%(file)s cannot be read.") % {"file": file.name}) from error
    raise BadInput(_("%(file)s is neither UTF-8 nor GB 18030 text, nor an XLSX workbook.") % {"file": file.name})
