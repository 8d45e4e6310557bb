"""Every account on every address: what the policy of tests/access.py says is what the house does.

Each probe runs inside a savepoint that is rolled back, so that all of them meet the same county.
"""

import copy
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from accounts.models import User
from loans.choices import StepCode
from organizations.scope import Scope
from tests.access import ACTORS, POLICY, Actor, Of, Policy
from tests.access_posted import CHANGES_NOTHING, POSTED, REFUSED_BY_THE_FORM
from tests.access_world import MISSING_NUMBER, MISSING_UUID, OTHER, OWN, World, standing_world
from tests.factories.county import NOON
from web import clock

# Without "db" no test database would be set up: the county of this module stands around the tests.
pytestmark = pytest.mark.usefixtures("world", "db")
MISSING = "missing"
ANSWERED = {200, 286, 302}  # 286: the fragment of a job that has ended
WRITING = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Written whatever is asked: that somebody was refused, that somebody is signed in, that a password was wrong, that a
# page without sign-in was opened.
TRACES = re.compile(r"audit_auditevent|django_session|axes_\w+|loans_publicattempt")
REQUEST_NUMBER = re.compile(r'<span class="mono">[0-9a-f]{12}</span>')


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), standing_world() as county:
        yield county


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def url_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)


def test_every_address_has_its_line_in_the_policy_and_every_line_its_address():
    assert {key.split()[0] for key in POLICY} == set(url_names(get_resolver().url_patterns))


def test_every_step_has_a_queue_and_a_page_of_its_own():
    lines = {tuple(key.split()) for key in POLICY if " " in key}
    assert {("loans:queue", step) for step in StepCode.values} <= lines
    assert {("loans:decide", step) for step in StepCode.values if step != StepCode.INTAKE} <= lines


def test_every_address_that_takes_something_is_sent_something():
    assert set(POSTED) == {key for key, policy in POLICY.items() if policy.write is not None}


# --- one probe -------------------------------------------------------------------------------------------------------


@dataclass
class Answer:
    status: int
    location: str = ""
    body: str = ""
    written: list[str] = field(default_factory=list)  # tables, without those of traces
    is_recorded: bool = False  # in the audit trail


@contextmanager
def watched_writes(tables: list[str]) -> Iterator[None]:
    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITING.match(sql)
        if found:
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def probe(client: Client, method: str, url: str, data: dict[str, Any] | None = None) -> Answer:
    """Ask once and leave no trace: neither in the database nor in the browser."""
    tables: list[str] = []
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic(), watched_writes(tables):
            response = client.generic(method, url) if data is None else client.post(url, data)
            transaction.set_rollback(True)
        answer = Answer(response.status_code, response.get("Location", ""), response.content.decode(errors="replace"))
    except Exception as error:  # whatever breaks is an answer that no policy allows
        answer = Answer(500, body=repr(error))
    client.cookies = cookies
    answer.written = [table for table in tables if not TRACES.fullmatch(table)]
    answer.is_recorded = "audit_auditevent" in tables
    return answer


def browser_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- cells of the matrix ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    key: str
    policy: Policy
    method: str
    place: str

    def __str__(self) -> str:
        return f"{self.method} {self.key} ({self.place})"

    def url(self, world: World) -> str:
        arguments, query = self._arguments(world)
        url = reverse(self.key.split()[0], kwargs=arguments)
        return f"{url}?{urlencode(query)}" if query else url

    def _arguments(self, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
        objects = world.at(self.place)
        arguments = self.policy.at(objects) if self.policy.at else {}
        query = self.policy.query(objects) if self.policy.query else {}
        if self.place == MISSING:
            return {name: nowhere(value) for name, value in arguments.items()}, dict.fromkeys(query, MISSING_NUMBER)
        return arguments, query

    def data(self, world: World) -> dict[str, Any] | None:
        if self.method != "POST":
            return None
        if self.key not in POSTED:
            return {}
        # What stands in the address of a page stands in its form, too.
        sent = POSTED[self.key](world.at(self.place))
        return sent | {name: value for name, value in self._arguments(world)[1].items() if name in sent}


def nowhere(value: Any) -> Any:
    """Return what names nothing; a step of the process is no object."""
    if isinstance(value, str):
        return value
    return MISSING_NUMBER if isinstance(value, int) else MISSING_UUID


def cells(world: World, actor: Actor) -> Iterator[Cell]:
    """Yield what one account tries. Whom his role keeps out altogether need not look for what does not exist."""
    for key, policy in POLICY.items():
        if actor.has_a_twin and policy.of not in (Of.CASES, Of.REGISTERS):
            continue
        for method in ("GET", "POST"):
            own = Cell(key, policy, method, OWN)
            yield own
            wanted = expected(own, actor)
            if has_object(policy, world) and wanted != 405:
                yield Cell(key, policy, method, OTHER)
                if wanted == "answered":
                    yield Cell(key, policy, method, MISSING)


def has_object(policy: Policy, world: World) -> bool:
    arguments = policy.at(world.own) if policy.at else {}
    return bool(policy.query) or any(not isinstance(value, str) for value in arguments.values())


def expected(cell: Cell, actor: Actor) -> int | str:
    """Return the status, "answered" for a page or redirect, "sign in" for the way to the sign-in page."""
    allowed = cell.policy.read if cell.method == "GET" else cell.policy.write
    if not actor.role and cell.policy.of is not Of.NOBODY:
        return "sign in"
    if allowed is None:
        return 405
    if cell.place == MISSING or (actor.role and actor.role not in allowed):
        return 404
    return "answered" if actor.reaches(cell.policy.of, cell.place) else 404


def given(answer: Answer, cell: Cell) -> int | str:
    to_sign_in = answer.status == 302 and answer.location.startswith(reverse("accounts:login"))
    if to_sign_in and (cell.key != "accounts:logout" or "next=" in answer.location):
        return "sign in"
    return "answered" if answer.status in ANSWERED else answer.status


# --- judging ---------------------------------------------------------------------------------------------------------


@dataclass
class Judge:
    """Compares answers with the policy and gathers what is wrong for one account."""

    world: World
    actor: Actor
    complaints: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        world, actor = self.world, self.actor
        self.id_numbers = [*world.own.id_numbers, *world.other.id_numbers]
        self.names = [] if actor.sees_names else [*world.own.names, *world.other.names]
        is_stranger = not (actor.cases | actor.registers) & {OTHER}
        self.secrets = world.other.secrets if is_stranger else []

    def hear(self, cell: Cell, answer: Answer) -> None:
        wanted = expected(cell, self.actor)
        if given(answer, cell) != wanted:
            self.complain(cell, f"{answer.status} instead of {wanted}: {answer.location or answer.body[-300:]}")
        is_change = cell.method == "POST" and wanted == "answered"
        if answer.written and not is_change:
            self.complain(cell, f"wrote to {answer.written}")
        is_idle = cell.key in CHANGES_NOTHING or (cell.key, self.actor.role) in REFUSED_BY_THE_FORM
        if is_change and not answer.written and not is_idle:
            self.complain(cell, "a valid form changed nothing")
        if wanted == 404 and cell.place != MISSING and cell.policy.of is not Of.OWNER and not answer.is_recorded:
            self.complain(cell, "the refusal is not in the audit trail")
        is_elsewhere = cell.place == MISSING or not self.actor.reaches(cell.policy.of, cell.place)
        if wanted == 404 and is_elsewhere:
            self.refusals.add(REQUEST_NUMBER.sub("", answer.body))
        self.look_for_leaks(cell, answer, wanted)

    def look_for_leaks(self, cell: Cell, answer: Answer, wanted: int | str) -> None:
        is_disclosure = cell.key == "organizations:reveal" and wanted == "answered"
        hidden = [*([] if is_disclosure else self.id_numbers), *self.secrets, *self.names]
        leaked = [secret for secret in hidden if secret in answer.body or secret in answer.location]
        if leaked:
            self.complain(cell, f"shows {leaked}")

    def complain(self, cell: Cell, words: str) -> None:
        self.complaints.append(f"{cell}: {words}")


@contextmanager
def uncollected() -> Iterator[None]:
    """Hundreds of pages in a row: the collector would walk through the whole of Django again and again (a fifth)."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@uncollected()
def try_everything(world: World, actor: Actor, *, only: str = "") -> Judge:
    user, judge = actor.find(world.county), Judge(world, actor)
    with transaction.atomic():
        if user is not None:
            type(world.own.job).objects.filter(pk=world.own.job.pk).update(owner=user)
            type(world.own.message).objects.filter(pk=world.own.message.pk).update(recipient=user)
            type(world.own.view).objects.filter(pk=world.own.view.pk).update(owner=user)
        client = browser_of(user)
        for cell in cells(world, actor):
            if cell.key.startswith(only):
                judge.hear(cell, probe(client, cell.method, cell.url(world), cell.data(world)))
        transaction.set_rollback(True)
    return judge


@pytest.mark.slow
@pytest.mark.parametrize("actor", ACTORS, ids=[actor.label for actor in ACTORS])
def test_an_account_gets_what_the_policy_says(world, actor):
    judge = try_everything(world, actor)
    assert not judge.complaints, "\n".join(judge.complaints)
    assert len(judge.refusals) <= 1, "what lies elsewhere and what does not exist answer alike"


# --- the harness itself, and what the matrix does not reach ----------------------------------------------------------


@pytest.fixture
def actor_named() -> Callable[[str], Actor]:
    return {actor.label: actor for actor in ACTORS}.__getitem__


def test_a_scope_that_lets_everything_through_is_noticed(world, actor_named, monkeypatch):
    monkeypatch.setattr(Scope, "rows", lambda self, prefix="": Q())
    complaints = try_everything(world, actor_named("township clerk"), only="loans:case").complaints
    assert any("GET loans:case (other): 200 instead of 404" in words for words in complaints)
    assert any("shows" in words and world.other.cases["lent"].number in words for words in complaints)


def test_a_door_that_is_left_open_is_noticed(world, actor_named, monkeypatch):
    monkeypatch.setattr("accounts.views.accounts.demand", lambda request, *verbs: None)
    complaints = try_everything(world, actor_named("outsider"), only="accounts:account-").complaints
    assert any("GET accounts:account-list (own): 200 instead of 404" in words for words in complaints)
    assert not any("wrote to" in words for words in complaints), "behind the door the operations ask again"


def test_a_page_that_writes_when_it_is_opened_is_noticed(world, actor_named, monkeypatch):
    def greet(user: User, **_: object) -> list[object]:
        user.save(update_fields=["theme"])
        return []

    monkeypatch.setattr("redcredit.views.search_everything", lambda user, text, on: greet(user))
    complaints = try_everything(world, actor_named("leader"), only="search").complaints
    assert complaints == ["GET search (own): wrote to ['accounts_user']"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_address_takes_another_method(world, actor_named, method):
    client = browser_of(actor_named("organisation department").find(world.county))
    for cell in cells(world, actor_named("organisation department")):
        if cell.method == "GET" and cell.place == OWN:
            assert probe(client, method, cell.url(world)).status == 405, str(cell)


@pytest.mark.parametrize("label", ["township clerk", "committee officer"])
def test_a_part_of_a_foreign_whole_is_not_reached_through_a_whole_of_ones_own(world, actor_named, label):
    """Own household with a foreign person, own case with a foreign objection, and the other way round."""
    client = browser_of(actor_named(label).find(world.county))
    nested = {key: policy for key, policy in POLICY.items() if policy.is_nested}
    assert len(nested) >= 8
    for key, policy in nested.items():
        own, other = list(policy.at(world.own).values()), list(policy.at(world.other).values())
        for mixed in ([own[0], other[1]], [other[0], own[1]]):
            url = reverse(key, args=mixed)
            answer = probe(client, "POST", url, POSTED[key](world.own)) if key in POSTED else probe(client, "GET", url)
            assert (answer.status, answer.written) == (404, []), f"{key} {mixed}"


LISTS = ("loans:cases", "loans:loans", "organizations:people", "organizations:households", "organizations:members",
         "organizations:entities", "search", "dashboards:loans")  # fmt: skip


@pytest.mark.parametrize("label", ["township clerk", "committee officer", "leader", "outsider"])
def test_no_filter_and_no_search_reaches_the_other_township(world, actor_named, label):
    actor, other = actor_named(label), world.other
    client, person = browser_of(actor.find(world.county)), other.cases["lent"].person
    places = {"place": other.township.division.path, "division": other.township.division.path}
    texts = (person.initials, person.id_number_last_four, other.cases["lent"].number[-5:], "欧阳")
    for name in LISTS:
        for text in texts:
            asked = urlencode({"q": text, "text": text} | (places if text == "欧阳" else {}))
            body = probe(client, "GET", f"{reverse(name)}?{asked}").body
            assert [secret for secret in other.secrets if secret in body] == [], f"{name} {asked}"


def test_a_leader_reads_figures_and_no_name(world, actor_named):
    """His pages are full: the check above would pass on empty ones, too."""
    client = browser_of(actor_named("leader").find(world.county))
    loans = probe(client, "GET", reverse("dashboards:loans")).body
    assert "欧阳*" in loans
    assert [name for name in (*world.own.names, *world.other.names) if name in loans] == []


@pytest.mark.parametrize("label", ["township clerk", "secretary", "credit officer", "organisation department"])
def test_with_the_post_every_right_ends(world, actor_named, label):
    """Dismissed in the middle of a session: the next click finds nothing."""
    user = actor_named(label).find(world.county)
    client = browser_of(user)
    outsider = actor_named("outsider")
    user.posts.update(valid_to=NOON.date().replace(day=14))
    judge = Judge(world, outsider)
    for cell in cells(world, outsider):
        if cell.policy.of in (Of.CASES, Of.REGISTERS) and cell.place == OWN:
            judge.hear(cell, probe(client, cell.method, cell.url(world), cell.data(world)))
    assert not judge.complaints, "\n".join(judge.complaints)
