"""The help that borrowers promise (帮扶承诺): who is promised, where else he is helped, what the branch found."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from finance.daycount import add_months
from loans.choices import HelpedKind, HelpVerdict
from loans.models import Application, HelpCommitment, HelpLapse, HelpVerification, LimitTier, ProgrammeVersion
from organizations.scope import Place

Tells = Callable[[Place], bool]

HELPED_MEMBERS = (HelpedKind.LOW_INCOME_MEMBER, HelpedKind.MEMBER_IN_DIFFICULTY)


def kinds_asked_by(tier: LimitTier | None) -> frozenset[str]:
    """Return the kinds of people whose help opens a class; nobody for most classes."""
    return frozenset(str(rule["kind"]) for rule in tier.helped) if tier else frozenset()


def kinds_asked_of(case: Application, version: ProgrammeVersion) -> frozenset[str]:
    """Return the kinds of people on whom the class of a case depends, from the rules already read."""
    return next((kinds_asked_by(tier) for tier in version.tiers.all() if tier.pk == case.tier_id), frozenset())


def commitments_of(case: Application) -> list[HelpCommitment]:
    """Return whom a borrower promises to help, with what the rules ask of these people. One question."""
    return list(case.commitments.select_related("person__party_member", "person__division__parent").order_by("pk"))


def helped_elsewhere(person_ids: Collection[int], *, without: int | None) -> list[HelpCommitment]:
    """Return the promises to these people that count for another case at present."""
    if not person_ids:
        return []
    live = HelpCommitment.objects.filter(is_live=True, person__in=person_ids).exclude(application=without)
    return list(live.select_related("person", "application").order_by("pk"))


def lapses_against(household_id: int | None, *, months: int, on: date, without: int | None) -> list[HelpLapse]:
    """Return the promises of a household's earlier cases that lapsed within so many months before a day."""
    if household_id is None or not months:
        return []
    of_household = Q(application__household=household_id) | Q(application__person__household=household_id)
    lapses = HelpLapse.objects.filter(of_household, lapsed_on__gt=add_months(on, -months), lapsed_on__lte=on)
    return list(lapses.exclude(application=without).select_related("person", "application").order_by("pk"))


def counted(lapses: Sequence[HelpLapse]) -> Counter[str]:
    return Counter(lapse.kind for lapse in lapses)


def verdicts_of(case: Application) -> Mapping[int, HelpVerification]:
    """Return the newest finding of the branch about each person, by the person. One question."""
    rows = HelpVerification.objects.filter(application=case).select_related("verified_by", "organization")
    return {row.person_id: row for row in rows.order_by("pk")}


@dataclass(frozen=True)
class HelpLine:
    """A promise as the dossier shows it: what the branch found, and whether it is reported as not kept."""

    commitment: HelpCommitment
    verdict: HelpVerification | None
    lapse: HelpLapse | None


def help_lines(case: Application) -> list[HelpLine]:
    """Return the promises of a case. Needs `queries.detail.cases_in_full`; two questions more where there are any."""
    commitments = list(case.commitments.all())
    if not commitments:
        return []
    verdicts = verdicts_of(case)
    lapses = {row.person_id: row for row in HelpLapse.objects.filter(application=case).select_related("reported_by")}
    return [HelpLine(one, verdicts.get(one.person_id), lapses.get(one.person_id)) for one in commitments]


def confirmed_of(commitments: Sequence[HelpCommitment], verdicts: Mapping[int, HelpVerification]) -> Counter[str]:
    """Return how many of each kind the branch confirmed as they are promised now."""
    return Counter(
        one.kind
        for one in commitments
        if (verdict := verdicts.get(one.person_id)) is not None
        and (verdict.kind, verdict.verdict) == (one.kind, HelpVerdict.CONFIRMED)
    )


def unverified_of(
    commitments: Sequence[HelpCommitment], verdicts: Mapping[int, HelpVerification]
) -> list[HelpCommitment]:
    """Return those about whom the branch has not said anything yet, as they are promised now."""
    return [
        one for one in commitments if one.person_id not in verdicts or verdicts[one.person_id].kind != one.kind
    ]  # fmt: skip


def teller(user: User, on: date) -> Tells:
    """Return whether an account may be told the number of a case that lies at a place."""
    return lambda place: user.post_covering(Verb.VIEW_CASES, place, on=on) is not None


def case_named(other: Application, tells: Tells) -> str:
    """Return the number of another case for whom it is in reach; others learn only that there is one."""
    return other.number if tells(other.place) else _("another application")
