"""Every address of the house × every post × own, strange and superior area, GET and POST, against the two tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client

from fieldwork.views import bulletins, care, household, legalpeople, liaisons, microgrids, owndata, teams
from grids.models import Appointment, Area
from petitions.enums import Verb
from petitions.models import ListEntry, PetitionEscalation, PetitionPhoto, ServiceItem, VerificationTask
from petitions.viewers import remember
from petitions.views import case, case_after, handing, helping, requests, whistles
from tests.config.matrix_fieldwork import KINDS_OF_VOLUNTEERS, OF_FIELDWORK
from tests.config.matrix_gateway import OF_GATEWAY, let_in
from tests.config.matrix_registers import REGISTERS
from tests.config.matrix_tables import PAGES, POSTS, SCOPES, SENT, STRANGERS, VERBS, WHERE, Page
from tests.config.matrix_world import World
from tests.digests import changed, digests
from tests.walking import _ARGUMENT, NOBODY, _routes, get_resolver

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1500)]
LOGIN = ("/login/", "/admin/login/")
# these lead to the sign-in page by their nature
TO_THE_DOOR = {"logout", "admin:logout", "admin:login", "sign_in_code", "sign_in_setup"}
METHODS = ("GET", "POST")
EVERY = 24
# the pages of a register, and what each asks on GET and on POST
REGISTER_PAGES = {
    "changelist": ("see", "see"), "add": ("add", "add"), "change": ("see", "change"), "history": ("see", "see"),
    "delete": ("delete", "delete"), "import": ("exchange", "exchange"), "process_import": (None, "exchange"),
    "export": ("exchange", "exchange"), "template": ("exchange", "exchange"),
}  # fmt: skip
OF_A_ROW = ("change", "history", "delete")
SURVEYS = ("survey", "survey_paper", "survey_petition", "survey_page", "survey_thanks")
REVIEWS = ("review", "review_codes", "review_page", "review_thanks")
ON_A_MATTER = {"check": VerificationTask, "list_correct": ListEntry}  # what hangs on a matter, one row on each
KINDS = {
    "case_verb": ("verb", tuple(case.MOVES)), "case_request": ("what", tuple(requests.KINDS)),
    "case_handing": ("what", tuple(handing.ASKS)), "case_after": ("what", tuple(case_after.KINDS)),
    "household_do": ("what", tuple(household.KINDS)), "liaison_do": ("what", liaisons.KINDS),
    "care_do": ("what", care.KINDS), "micro_grid_do": ("what", microgrids.KINDS),
    "legal_person_do": ("what", legalpeople.KINDS), "own_data_do": ("what", owndata.KINDS),
    "bulletin_do": ("what", bulletins.KINDS), "patrol_team_do": ("what", teams.WHAT),
    "whistle_do": ("what", tuple(whistles.KINDS)), "help_do": ("what", helping.KINDS), **KINDS_OF_VOLUNTEERS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its pattern, its name in the tables, and the model it is about in the registers."""

    pattern: str
    name: str
    model: str = ""
    page: str = ""


def routes() -> list[Route]:
    """Return every address of the house; one with a verb in it once for each verb."""
    found = []
    for pattern, name in _routes(get_resolver().url_patterns):
        if pattern.endswith("(?P<url>.*)$"):
            found.append(Route("admin/no/such/page/", "admin:*"))
        elif "(?P<" in pattern:
            found.append(Route("admin/petitions/", "admin:app_list"))
        elif name in KINDS:
            argument, values = KINDS[name]
            given = [*values, *(set(Verb.values) - set(values) if name == "case_verb" else ()), "gone"]
            for value in given:
                known = f"{name}:{value}" if value in values else f"{name}:*"
                found.append(Route(pattern.replace(f"<slug:{argument}>", str(value)), known))
        else:
            found.append(_in_register(pattern, name) or Route(pattern, name))
    return found


def _in_register(pattern: str, name: str) -> Route | None:
    for label in REGISTERS:
        prefix = f"admin:{label.replace('.', '_')}_"
        if name.startswith(prefix) and name.removeprefix(prefix) in REGISTER_PAGES:
            return Route(pattern, name, label, name.removeprefix(prefix))
    return None


def rule_of(route: Route) -> Page:
    """Return what the tables say of an address.

    :raises KeyError: if they say nothing: whoever adds a page says here who may open it
    """
    if not route.model:
        return PAGES[route.name]
    get, post = REGISTER_PAGES[route.page]
    row = REGISTERS[route.model]
    return Page(
        row.scope if route.page in OF_A_ROW else "open",
        f"{route.model}/{get}" if get else None,
        f"{route.model}/{post}",
    )


def may(post: str, verb: str) -> bool:
    """Read the second table: post × verb."""
    if "/" not in verb:
        return post in VERBS[verb].split()
    label, column = verb.split("/")
    return post in str(getattr(REGISTERS[label], column) or "").split()


def expected(route: Route, post: str, where: str, method: str) -> str:  # noqa: PLR0911 - a line for each rule
    """Combine the two tables: ``open``, ``403``, ``404``, ``405``, or ``login`` for who has no account."""
    page = rule_of(route)
    verb = page.get if method == "GET" else page.post
    if page.scope == "nowhere" and page.public:
        return "404" if verb else "405"
    if verb is None:
        return "401" if page.scope == "key" else "405"
    scope = SCOPES[page.scope]
    if post in STRANGERS:
        exists = page.scope == "open" or post in getattr(scope, where).split()
        return "login" if not page.public else "open" if exists else "404"
    if route.page == "history" and post not in getattr(scope, where).split():
        return "404"
    leads_on = route.model == "petitions.petition"
    if route.model and route.page in OF_A_ROW and not leads_on and not may(post, f"{route.model}/see"):
        return "403"
    changes = route.page == "delete" or (route.page == "change" and method == "POST")
    if changes and not may(post, verb):
        return "403"  # whatever row it would be
    if post not in getattr(scope, where).split():
        return "404"
    if changes and where == "parent" and page.scope == "line":
        return "open" if post in ("SA", "RT") else "403"  # seen from below, kept from above
    if page.kept and where == "parent":
        return "403"
    return "open" if may(post, verb) else "403"


def seen(response) -> str:
    """Say what happened, in the words of ``expected``."""
    to = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    if to and urlsplit(to).path in LOGIN:
        return "login"
    if to.startswith("/petitions/follow/?number="):
        return "404"  # for every number alike: it is proved there
    if response.status_code in (401, 403, 404, 405):
        return str(response.status_code)
    return "broken" if response.status_code >= 500 and response.status_code != 503 else "open"


def address(world: World, route: Route, post: str, where: str) -> str | None:
    """Fill the pattern with what lies there for this post; None where nothing of the kind can lie."""
    who = "CS" if post in STRANGERS else post
    place = world.place_for(who, where)
    if not place:
        return None
    values: dict[str, object] = {}
    for argument in _ARGUMENT.finditer(route.pattern):
        value = _value(world, route, argument.group("name"), who, where, place)
        if value is None:
            return None
        is_nobody = value == NOBODY and argument.group("kind") == "uuid"
        values[argument.group(0)] = UUID(int=0) if is_nobody else value
    url = route.pattern
    for written, value in values.items():
        url = url.replace(written, str(value))
    return f"/{url}"


def _value(  # noqa: C901, PLR0911, PLR0912, PLR0917 - a table of arguments
    world: World, route: Route, argument: str, who: str, where: str, place: str
) -> object | None:
    petition = world.petition_for(who, where)
    match argument:
        case "number" if route.name == "board_decide":
            return world.closed.get(place)
        case "number":
            return petition.number if petition else None
        case "photo_id":
            return PetitionPhoto.objects.filter(petition=petition).values_list("pk", flat=True).first()
        case "escalation_id":
            return (
                PetitionEscalation.objects.filter(clock__petition=petition).values_list("pk", flat=True).first()
                or NOBODY
            )
        case "pk" if route.name in ON_A_MATTER:
            rows = ON_A_MATTER[route.name].objects.filter(petition=petition)
            return rows.values_list("pk", flat=True).first() if petition else None
        case "notice_id":
            return world.notices[who if where == "own" else "CW" if who != "CW" else "CS"]
        case "code" if route.name == "service_item":
            return ServiceItem.objects.filter(area=None).order_by("pk").values_list("code", flat=True).first()
        case "code" if route.name == "building_sheet":
            return (
                Area.objects.filter(pk=world.rows.get(("grids.building", place))).values_list("code", flat=True).first()
            )
        case "code":
            return world.areas[place].code if world.areas[place].level >= 5 else world.district.community.code
        case "what":
            return "copy"
        case "month" | "language":
            return {"month": "2026-01", "language": "en"}[argument]
        case "answer_id":
            return world.key("petitions.answer", place)
        case "content_type_id" | "url":
            return 1
        case "user_id" if route.name == "admin:handover":
            return Appointment.objects.get(pk=world.key("grids.appointment", place)).user_id
        case "user_id" | "id" if "user" in route.name:
            return world.district.duty.pk
    models = {
        "handover": "grids.handover", "admin:redivision": "grids.redivision",
        "reveal_request": "petitions.revealrequest", "reveal_decide": "petitions.revealrequest",
        "admin:circular": "petitions.circular", "admin:filing": "petitions.filing",
        "admin:deadlines_policy_next": "deadlines.policy",
        "public_notice": "petitions.publicnotice", "board_objection": "petitions.objection",
        **OF_FIELDWORK, **OF_GATEWAY,
        "whistle": "petitions.whistle", "help": "petitions.broadcast",
        "box": "petitions.suggestionbox", "diary_petition": "petitions.sentimentdiary",
        **dict.fromkeys(SURVEYS, "petitions.survey"), **dict.fromkeys(REVIEWS, "petitions.residentreview"),
    }  # fmt: skip
    done, _of, kind = route.name.partition("_do:")
    name = done if kind and done in models else route.name
    label = route.model or models.get(name, "")
    if label == "petitions.petition":
        return petition.pk if petition else None
    if label == "petitions.petitionescalation" and place == "grid":
        found = PetitionEscalation.objects.filter(clock__petition=petition).order_by("pk").first()
        return found.pk if found else None
    if not label:
        return NOBODY
    scoped = not route.model or REGISTERS[route.model].scope != "open"
    return world.key(label, place) if scoped else world.key(label, "")


def payload(world: World, route: Route, post: str, where: str) -> dict[str, object]:
    """What a form would send: enough to come as far as the question who may."""
    sent = dict(SENT.get(route.name, {"words": "请说明情况", "reason": "请说明情况"}))
    who = "CS" if post in STRANGERS else post
    petition = world.petition_for(who, where)
    if route.name == "poster_withdraw":
        sent["area"] = world.areas[world.place_for(who, where)].code
    if route.name == "admin:dispatch_many":
        own = world.petition_for(who, "own")
        sent["number"] = own.number if own else ""
    if route.name == "case_handing:about-staff":
        sent["person"] = str(world.district.lead.pk)
    if route.name == "case_join":
        other = world.filed["UH"] if petition != world.filed["UH"] else world.filed["BH"]
        sent |= {"into": other.number, "version": petition.version if petition else 1, "other_version": other.version}
    return sent


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to the matrix."""

    route: Route
    post: str
    where: str
    method: str


def cells(posts: tuple[str, ...], wheres: tuple[str, ...]) -> Iterator[Cell]:
    """Return all combinations."""
    for post in posts:
        for where in {"--": ("own",), "FO": ("own", "other")}.get(post, wheres):
            for route in routes():
                for method in METHODS:
                    yield Cell(route, post, where, method)


def fits(cell: Cell, got: str, wanted: str) -> bool:
    """Compare; who has no account may be sent to the door, from the desk's own exit to its first page, unasked."""
    if cell.post in STRANGERS and cell.route.name == "admin:logout":
        return got == "open"  # a redirect to the first page, which sends him to the door
    if got == "login" != wanted:
        to_the_door = cell.route.name in TO_THE_DOOR and wanted == "open"
        return to_the_door or (cell.post in STRANGERS and wanted == "405")
    return got == wanted


def told(world: World, cell: Cell, url: str, response) -> list[str]:
    """Return the numbers of strange matters that stand in an answer, whatever page it is: in a list, a search, a file.

    Not for superusers: they keep the registers of messages, which name matters by their number.
    """
    if cell.post == "RT" or response.streaming:
        return []
    strange = world.numbers_in(world.place_for("CS" if cell.post in STRANGERS else cell.post, "other"))
    return [number for number in strange if number.encode() in response.content and number not in url]


def _browser(world: World, post: str) -> Client:
    client = Client(raise_request_exception=False)
    if post == "FO":
        session = client.session
        remember(session, world.petitions["grid"].pk, filed=True)
        session.save()
    elif post != "--":
        client.force_login(world.people[post])
    return client


def walk(world: World, asked: list[Cell]) -> tuple[int, list[str], set[str]]:
    """Ask them all; return how many, what differs from the tables, and which tables of the database changed.

    A page without a row is the same page in every area: it is asked once.
    """
    clients = {post: _browser(world, post) for post in {cell.post for cell in asked}}
    wrong, known = [], set()
    before = digests()
    for cell in asked:
        url = address(world, cell.route, cell.post, cell.where)
        sent = payload(world, cell.route, cell.post, cell.where) if url and cell.method == "POST" else {}
        question = (cell.post, cell.method, url, str(sent))
        if url is None or question in known:
            continue
        known.add(question)
        client = clients[cell.post]
        wanted = expected(cell.route, cell.post, cell.where, cell.method)
        cookies = client.cookies.copy()
        with transaction.atomic():
            response = client.get(url) if cell.method == "GET" else client.post(url, sent)
            got = seen(response)
            if response.streaming:
                response.getvalue()
            # what is refused leaves nothing to take back
            transaction.set_rollback(got == "open" or cell.route.name in TO_THE_DOOR)
        client.cookies = cookies
        if strange := told(world, cell, url, response):
            wrong.append(f"{cell.post} {cell.where} {cell.method} {url} ({cell.route.name}): tells of {strange}")
        if not fits(cell, got, wanted):
            wrong.append(f"{cell.post} {cell.where} {cell.method} {url} ({cell.route.name}): {got}, not {wanted}")
    return len(known), wrong, changed(before)


def _say(capsys, words: str) -> None:
    with capsys.disabled():
        print(f"\nmatrix {words}")  # noqa: T201 - how many questions were asked is part of the answer


@pytest.fixture
def world(district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return let_in(World.build(district))


def test_every_address_stands_in_the_tables():
    missing = []
    for route in routes():
        try:
            rule_of(route)
        except KeyError:
            missing.append(route.name)

    assert missing == []


def test_no_line_of_the_tables_is_about_nothing():
    """A page that is gone must not stand in the table as if it were guarded."""
    there = {route.name for route in routes()} | {route.model for route in routes()}

    assert set(PAGES) - there == set()
    assert set(REGISTERS) - there == set()
    assert {page.scope for page in PAGES.values()} | {row.scope for row in REGISTERS.values()} <= set(SCOPES)
    assert all(set(posts.split()) <= set(POSTS) for posts in VERBS.values())


def test_a_sample_of_the_matrix_every_post_in_its_own_and_in_a_strange_area(world, capsys):
    """One cell of ``EVERY``, the same ones in every run; all of them in ``make slow``."""
    asked = [
        cell for cell in cells((*POSTS, *STRANGERS), ("own", "other"))
        if crc32(f"{cell.route.name} {cell.post} {cell.where} {cell.method}".encode()) % EVERY == 0
    ]  # fmt: skip

    count, wrong, wrote = walk(world, asked)

    _say(capsys, f"sample: {count} cells")
    assert wrong == [], "\n".join(wrong)
    assert wrote == set()
    assert count > 500
    assert {cell.post for cell in asked} == {*POSTS, *STRANGERS}


@pytest.mark.slow
@pytest.mark.parametrize("post", [*POSTS, *STRANGERS])
def test_the_whole_matrix(world, post, capsys):
    asked = list(cells((post,), WHERE))

    count, wrong, wrote = walk(world, asked)

    _say(capsys, f"{post}: {count} cells")
    assert wrong == [], "\n".join(wrong)
    assert wrote == set()
