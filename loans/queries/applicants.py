"""What is known already of somebody who applies: cases and loans of his household, people who may be the same."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _, ngettext

from accounts.choices import Verb
from accounts.models import User
from finance.money import ZERO
from loans.choices import LoanState, StepCode
from loans.models import Application, Loan
from loans.queries.loans import with_owed
from organizations.models import Person
from web.display import show_yuan
from web.layout import Check, Tone
from workflow.engine import State

UNDER_WAY = (State.DRAFT, State.OPEN, State.RETURNED)


@dataclass(frozen=True)
class Known:
    """What the first page says beside the form. `own_case` is the applicant's other case under way: it blocks."""

    checks: list[Check]
    own_case: Application | None = None


def known_of(person: Person, user: User, *, on: date, case: Application | None = None) -> Known:
    """Return what speaks against a new application of a person, across all programmes: three queries.

    `case` is the application being written. Numbers of cases outside the account's area are not told.
    """
    others = _cases_under_way(person, case)
    own = next((one for one in others if one.person_id == person.pk and one.entity_id is None), None)
    loans = _live_loans(person)
    checks = [
        *[_case_check(one, person, user, on) for one in others],
        *[_loan_check(one, person, user, on) for one in loans],
        *_namesakes(person),
    ]
    if not others:
        checks.insert(0, Check(_("No other case of the household is under way"), Tone.OK))
    if not loans:
        checks.append(Check(_("The household owes no loan of any programme here"), Tone.OK))
    return Known(checks, own)


def _of_household(person: Person, path: str = "") -> Q:
    own = Q(**{f"{path}person": person.pk})
    return own | Q(**{f"{path}household": person.household_id}) if person.household_id else own


def _cases_under_way(person: Person, case: Application | None) -> list[Application]:
    found = Application.objects.filter(_of_household(person), state__in=UNDER_WAY).exclude(step=StepCode.ASSESSMENT)
    found = found.exclude(pk=case.pk) if case else found
    return list(found.select_related("person", "entity").order_by("created_at", "pk"))


def _live_loans(person: Person) -> list[Loan]:
    found = Loan.objects.filter(_of_household(person, "application__"), state=LoanState.LIVE)
    return list(with_owed(found).order_by("due_date", "pk"))


def _case_check(case: Application, person: Person, user: User, on: date) -> Check:
    is_own = case.person_id == person.pk and case.entity_id is None
    number = _number(case.number, user, case.place, on)
    text = (
        _("An application of his own is under way: %(number)s")
        if is_own
        else _("An application of the household is under way: %(number)s")
    )
    asked = _("%(amount)s yuan") % {"amount": show_yuan(case.amount_asked)} if case.amount_asked else ""
    note = " · ".join(filter(None, [case.borrower_name, asked]))
    return Check(text % {"number": number}, Tone.BAD if is_own else Tone.WARN, note)


def _loan_check(loan: Loan, person: Person, user: User, on: date) -> Check:
    standing = getattr(loan, "standing", None)
    days = standing.overdue_days(on) if standing else 0
    number = _number(loan.application.number, user, loan.place, on)
    owed = _("owes %(amount)s yuan") % {"amount": show_yuan(loan.owed or ZERO)}  # type: ignore[attr-defined]  # annotated
    note = f"{loan.application.borrower_name} · {owed}"
    if days:
        late = ngettext("overdue for %(days)s day", "overdue for %(days)s days", days) % {"days": days}
        return Check(_("Loan %(number)s is in arrears") % {"number": number}, Tone.BAD, f"{note} · {late}")
    return Check(_("Loan %(number)s is running") % {"number": number}, Tone.WARN, note)


def _number(number: str, user: User, place: object, on: date) -> str:
    """A case of another area is known to be there, its number is not told."""
    return number if user.post_covering(Verb.VIEW_CASES, place, on=on) else _("in another area")  # type: ignore[arg-type]


def _namesakes(person: Person) -> list[Check]:
    """The same name and birthday under another number: a register that holds somebody twice shows itself so."""
    same = Person.objects.filter(name=person.name, birth_date=person.birth_date).exclude(pk=person.pk)
    number = same.count()
    if not number:
        return []
    sentence = ngettext(
        "%(number)s other person has the same name and birth date: please compare the numbers",
        "%(number)s other people have the same name and birth date: please compare the numbers",
        number,
    )
    return [Check(sentence % {"number": number}, Tone.WARN)]
