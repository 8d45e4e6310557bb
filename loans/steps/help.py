"""Promises of help along the steps: they count once in the county, and the branch says whether they are true.

A promise counts from submission to the end of the case: withdrawn, refused, declined, or the loan repaid or written
off. A loan that owes again after a reversal does not take its promises back: they may be somebody else's by then.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from loans.models import Application, HelpCommitment, ProgrammeVersion
from loans.queries.help import (
    case_named,
    commitments_of,
    confirmed_of,
    helped_elsewhere,
    kinds_asked_of,
    teller,
    unverified_of,
    verdicts_of,
)
from loans.queries.rule_rows import say
from loans.queries.situation import tier_of, tier_rule
from loans.rules import Breach
from loans.steps.base import Context, Impossible
from loans.steps.facts import Problem
from organizations.models import Person


def hold_promises(case: Application, context: Context) -> None:
    """Let the promises on which the class depends count for this case. Raises Impossible: they count for another.

    The people are locked in one order: two cases that name the same ones wait for each other and never block.
    """
    kinds = kinds_asked_of(case, context.version)
    own = HelpCommitment.objects.filter(application=case)
    if case.round > 1:  # an earlier round may have asked for another class
        own.filter(is_live=True).exclude(kind__in=kinds).update(is_live=False)
    if not kinds:
        return
    claimed = own.filter(kind__in=kinds, is_live=False)
    people = list(claimed.values_list("person", flat=True))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    try:
        with transaction.atomic():
            claimed.update(is_live=True)
    except IntegrityError as error:
        if "person_is_helped_by_one_case_at_a_time" not in str(error):
            raise
        raise Impossible(_who_has(people, case, context), "helped") from error


def _who_has(people: list[int], case: Application, context: Context) -> str:
    for one in helped_elsewhere(people, without=case.pk):
        tells = teller(context.decided_by, context.on)
        values = {"name": one.person.name, "case": case_named(one.application, tells)}
        return say(Breach("helped_elsewhere", "helped", values))
    return _("One of those helped is helped under another application already.")


def free_promises(case: Application, version: ProgrammeVersion) -> None:
    """Let the promises of a case that is over count no more: these people may be helped under another one."""
    if kinds_asked_of(case, version):
        HelpCommitment.objects.filter(application=case, is_live=True).update(is_live=False)


def verification_problems(case: Application, context: Context) -> list[Problem]:
    """Return why the branch cannot recommend yet: people not asked after, or too few confirmed for the class."""
    if not kinds_asked_of(case, context.version):
        return []
    commitments, verdicts = commitments_of(case), verdicts_of(case)
    missing = unverified_of(commitments, verdicts)
    if missing:
        names = "、".join(one.person.name for one in missing)
        return [Problem(_("Verify the promises of help first: %(names)s.") % {"names": names}, "help")]
    tier = tier_of(context.version, case.tier_id)
    if tier is not None and not tier_rule(tier).is_opened_by(confirmed_of(commitments, verdicts)):
        text = _(
            "Too few of those helped are confirmed for this class. Return the case, so that the class is corrected."
        )
        return [Problem(text, "help")]
    return []
