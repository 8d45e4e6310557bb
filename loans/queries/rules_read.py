"""The rules of a version one by one, each read off a situation: who asks, for what, and what is owed already."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, pgettext

from finance.money import ZERO
from loans.choices import BorrowerKind, HelpedKind, Purpose, RepaymentMethod
from loans.queries.exposure import Exposure, Kind, Line
from loans.queries.help import HELPED_MEMBERS, case_named, kinds_asked_by
from loans.queries.rule_rows import Row
from loans.queries.situation import Situation, tier_rule
from loans.rules import (
    Breach,
    check_age,
    check_amount,
    check_class,
    check_debts,
    check_exposure,
    check_funding,
    check_help,
    check_place,
    check_term,
    check_use,
    check_usual_age,
)
from web.display import show_day, show_yuan


def _age(at: Situation) -> Row:
    birth_date, version = at.case.person.birth_date, at.version
    figure = _("%(age)s years, asked for are %(least)s to %(most)s") % {
        "age": at.case.person.age_on(at.on),
        "least": version.age_min,
        "most": version.age_max,
    }
    breaches = [
        *check_age(birth_date, rules=at.rules, on=at.on),
        *check_usual_age(birth_date, rules=at.rules, on=at.on),
    ]
    return Row("age", _("Age"), figure, tuple(breaches), _clause(at, "age"))


def _residence(at: Situation) -> Row:
    case, breaches = at.case, []
    needs_household = at.asked.borrower_kind in (BorrowerKind.PERSON, BorrowerKind.HOUSEHOLD)
    if needs_household and case.household_id is None:
        breaches.append(Breach("no_household", "person"))
    if case.entity and case.entity.valid_to and case.entity.valid_to <= at.on:
        breaches.append(Breach("body_dissolved", "entity"))

    def shown() -> str:
        if not needs_household or case.household is None:
            return str(case.division)
        return _("%(village)s, household %(code)s") % {"village": case.division, "code": case.household.code}

    return Row("residence", _("Residence"), shown, tuple(breaches))


def _township(at: Situation) -> Row:
    """Writing a case down refuses this already: a row for the page only."""
    case = at.case
    breaches = check_place(
        division_path=case.division_path,
        county_path=at.version.programme.division.path,
        branch_division_path=case.branch.division.path,
    )
    return Row("township", _("Branch that reviews"), case.branch.name, tuple(breaches))


def _served(at: Situation) -> Row:
    number = len(at.units)
    figure = _("%(number)s served") % {"number": number}
    return Row("served", _("Households served"), figure, () if number else (Breach("nobody_served", "served"),))


def _class(at: Situation) -> Row:
    tier = at.asked.tier
    if tier is None:
        return Row("class", _("Class"), is_open=True)
    help_codes = {breach.code for breach in check_help(at.request, tier=tier_rule(tier))}
    breaches = [one for one in check_class(at.request, tier=tier_rule(tier)) if one.code not in help_codes]
    return Row("class", _("Class"), tier.name, tuple(breaches), tier.clause)


def _party(at: Situation) -> Row | None:
    if not at.needs_membership:
        return None
    member = at.member
    figure = _("not a member")
    if member is not None:
        values = {"status": member.get_status_display(), "day": show_day(member.joined_on)}
        figure = _("%(status)s, joined on %(day)s") % values
    # That a class is for members only is said at the class.
    is_short = at.is_collective and member is None
    breaches = (Breach("nominal_is_no_member", "person"),) if is_short else ()
    title = _("Nominal borrower") if at.is_collective else pgettext("rule", "Party membership")
    return Row("party", title, f"{at.case.person.name}{_(', ')}{figure}" if at.is_collective else figure, breaches)


def _help(at: Situation) -> Row | None:
    tier = at.asked.tier
    if not kinds_asked_by(tier) or tier is None:
        return None
    breaches = [*check_help(at.request, tier=tier_rule(tier)), *_who_is_helped(at)]
    breaches += [
        Breach("helped_elsewhere", "helped", {"name": one.person.name, "case": case_named(one.application, at.tells)})
        for one in at.elsewhere
    ]
    asked = _(" or ").join(_named(str(rule["kind"]), int(str(rule["min"]))) for rule in tier.helped)
    named = "、".join(_named(kind, number) for kind, number in at.request.helped.items()) or _("nobody")
    figure = _("named: %(named)s; asked for: %(asked)s or more") % {"named": named, "asked": asked}
    return Row("help", _("Promise of help"), figure, tuple(breaches), _clause(at, "help") or tier.clause)


def _named(kind: str, number: int) -> str:
    return _("%(kind)s %(number)s") % {"kind": HelpedKind(kind).label, "number": number}


def _who_is_helped(at: Situation) -> list[Breach]:
    """Return what is wrong with those named: helping oneself is no help, and a member is one on the day."""
    breaches, case = [], at.case
    for one in at.commitments:
        person, member = one.person, getattr(one.person, "party_member", None)
        if person.pk == case.person_id:
            breaches.append(Breach("helps_himself", "helped"))
        elif case.household_id and person.household_id == case.household_id:
            breaches.append(Breach("helps_own_household", "helped"))
        if one.kind in HELPED_MEMBERS and not _is_member(member, at.on):
            breaches.append(Breach("helped_is_no_member", "helped", {"name": person.name}))
    return breaches


def _is_member(member: Any, on: date) -> bool:
    return member is not None and member.joined_on <= on and (member.left_on is None or member.left_on >= on)


def _amount(at: Situation) -> Row:
    amount, tier = at.asked.amount, at.asked.tier
    if tier is None:
        return Row("amount", _("Amount"), _yuan(amount), is_open=True)
    rule = tier_rule(tier, uplift=at.benefits.limit_uplift)
    figure = _("%(amount)s; %(least)s to %(most)s yuan in multiples of %(multiple)s") % {
        "amount": _yuan(amount),
        "least": show_yuan(tier.amount_min),
        "most": show_yuan(rule.amount_max),
        "multiple": show_yuan(at.version.amount_multiple),
    }
    if at.benefits.limit_uplift:
        figure += _("; of this %(uplift)s by honour") % {"uplift": show_yuan(at.benefits.limit_uplift)}
    breaches = check_amount(amount, tier=rule, multiple=at.version.amount_multiple)
    return Row("amount", _("Amount"), figure, tuple(breaches), tier.clause, is_open=amount is None)


def _term(at: Situation) -> Row:
    figure = _("%(term)s months; %(least)s to %(most)s") % {
        "term": "--" if at.asked.term_months is None else at.asked.term_months,
        "least": at.version.term_months_min,
        "most": at.version.term_months_max,
    }
    breaches = check_term(at.asked.term_months, rules=at.rules)
    return Row("term", _("Term"), figure, tuple(breaches), _clause(at, "term"), is_open=at.asked.term_months is None)


def _use(at: Situation) -> Row:
    asked = at.asked
    named = [Purpose(asked.purpose).label if asked.purpose in Purpose else ""]
    named += [RepaymentMethod(asked.repayment_method).label if asked.repayment_method in RepaymentMethod else ""]
    figure = "；".join(str(name) for name in named if name)
    is_open = not asked.purpose or not asked.repayment_method
    breaches = check_use(at.request, rules=at.rules)
    return Row("use", _("Purpose and repayment"), figure, tuple(breaches), _clause(at, "purposes"), is_open)


def _funding(at: Situation) -> Row:
    asked = at.asked
    if asked.project_total is None or asked.own_funds is None:
        return Row("funding", _("Need of the project"), is_open=True)
    figure = _("total %(total)s, own funds %(own)s, still needed %(rest)s yuan") % {
        "total": show_yuan(asked.project_total),
        "own": show_yuan(asked.own_funds),
        "rest": show_yuan(asked.project_total - asked.own_funds),
    }
    return Row("funding", _("Need of the project"), figure, tuple(check_funding(at.request)))


def _exposure(at: Situation) -> Row:
    """All loans together, of the household with the least room: a joint loan touches several."""
    breaches = exposure_breaches(at)
    is_body = bool(at.case.entity_id)
    mine = _whose(at)
    limit = at.version.body_exposure_max if is_body else at.version.household_exposure_max
    added = at.asked.amount if is_body else at.shares.get(at.home_id or 0, at.asked.amount)
    figure = _("owed %(owed)s, under way %(under_way)s, this case %(added)s yuan; limit %(limit)s") % {
        "owed": show_yuan(mine.owed),
        "under_way": show_yuan(mine.under_way),
        "added": show_yuan(added or ZERO),
        "limit": _("none") if limit is None else _("%(amount)s yuan") % {"amount": show_yuan(limit)},
    }
    name = "body_exposure_max" if is_body else "household_exposure_max"
    title = _("All loans of the body") if is_body else _("All loans of the household")
    return Row("exposure", title, figure, tuple(breaches), _clause(at, name))


def exposure_breaches(at: Situation, *, with_cases: bool = True) -> list[Breach]:
    """Return for whom all loans together would come to more than the version's limit; nothing where it has none.

    `with_cases` False counts what is paid out already and this case only: who is paid first has the room.
    """
    of_household, of_body = at.version.household_exposure_max, at.version.body_exposure_max
    if at.asked.amount is None or (of_household is None and of_body is None):
        return []
    exposures = at.exposures if with_cases else at.exposures_without(with_cases=False)
    breaches = []
    for household_id, share in at.shares.items():
        exposed = exposures.of_household(household_id).total
        breaches += check_exposure(share, exposed=exposed, limit=of_household, code="household_above_limit")
    if at.case.entity_id:
        exposed = exposures.of_body(at.case.entity_id).total
        breaches += check_exposure(at.asked.amount, exposed=exposed, limit=of_body, code="body_above_limit")
    return breaches[:1]


def _whose(at: Situation) -> Exposure:
    if at.case.entity_id:
        return at.exposures.of_body(at.case.entity_id)
    return at.exposures.of_household(at.home_id or at.case.household_id or 0)


def _arrears(at: Situation) -> Row:
    overdue, lost = (_distinct(at, kind) for kind in ("overdue", "written_off"))
    breaches = []
    if overdue:
        breaches.append(Breach("household_in_arrears", "existing_loans", {"number": len(overdue)}))
    if lost:
        breaches.append(Breach("household_written_off", "existing_loans", {"number": len(lost)}))

    def shown() -> str:
        named = "、".join(line.reference for line in [*overdue, *lost] if at.tells(line.place))
        days = [(at.on - line.overdue_since).days for line in overdue if line.overdue_since]
        text = _("overdue since %(days)s days") % {"days": max(days)} if days else _("nothing overdue")
        return "；".join(filter(None, [text, named]))

    return Row("arrears", _("Arrears"), shown, tuple(breaches))


def _distinct(at: Situation, kind: str) -> list[Line]:
    """Return the loans overdue (or written off) of those for whom the case counts; a joint loan is one loan."""
    exposures = [*at.exposures.households.values(), *at.exposures.bodies.values()]
    lines = [line for one in exposures for line in (one.overdue if kind == "overdue" else one.of_kind(Kind(kind)))]
    return list({line.case_id: line for line in lines}.values())


def _debts(at: Situation) -> Row:
    asked, limit = at.asked, at.version.debts_to_income_max
    if asked.existing_loans is None or asked.annual_income is None or asked.amount is None:
        return Row("debts", _("Debts and income"), is_open=True)
    figure = _("debts with this case %(debts)s, income a year %(income)s yuan; usually up to %(limit)s") % {
        "debts": show_yuan(asked.existing_loans + asked.amount),
        "income": show_yuan(asked.annual_income),
        "limit": _("none") if limit is None else _("%(times)s times") % {"times": limit.normalize()},
    }
    breaches = check_debts(at.request, rules=at.rules)
    return Row("debts", _("Debts and income"), figure, tuple(breaches), _clause(at, "debts_to_income_max"))


def _others(at: Situation) -> Row:
    """Several members may ask at once: each is counted, the limit of the household holds for all together."""
    lines = _whose(at).of_kind(Kind.UNDER_WAY)
    breaches = (Breach("others_apply", values={"number": len(lines)}),) if lines else ()
    figure = "" if lines else _("no other application under way")
    return Row("others", _("Other applications"), figure, breaches)


def _stop(at: Situation) -> Row:
    stop = at.stop
    if stop is None:
        return Row("stop", _("Lending stop"), _("none in force here"))
    values = {"place": stop.place_name, "day": stop.imposed_on, "reason": stop.reason}
    return Row("stop", _("Lending stop"), "", (Breach("lending_stopped", values=values),))


def _quota(at: Situation) -> Row:
    quota = at.quota
    if quota is None:
        return Row("quota", _("Quota of the township"), "", (Breach("no_quota"),))
    left = quota.total - quota.used
    is_short = at.case.quota_id is None and at.asked.amount is not None and at.asked.amount > left
    figure = _("%(left)s of %(total)s yuan left") % {"left": show_yuan(left), "total": show_yuan(quota.total)}
    return Row("quota", _("Quota of the township"), figure, (Breach("quota_short"),) if is_short else ())


def _budget(at: Situation) -> Row | None:
    if not at.version.has_subsidy:
        return None
    budget = at.budget
    if budget is None:
        return Row("budget", _("Subsidy budget"), "", (Breach("no_budget"),))
    left = budget.appropriated - budget.reserved
    figure = _("%(left)s of %(total)s yuan left") % {"left": show_yuan(left), "total": show_yuan(budget.appropriated)}
    return Row("budget", _("Subsidy budget"), figure, (Breach("budget_short"),) if left <= ZERO else ())


def _insurance(at: Situation) -> Row:
    wanted = _("wanted") if at.case.wants_insurance else _("not wanted")
    return Row(
        "insurance", _("Accident insurance"), _("%(wanted)s: voluntary, never a condition") % {"wanted": wanted}
    )


def _clause(at: Situation, name: str) -> str:
    return str(at.version.clauses.get(name, ""))


def _yuan(amount: Decimal | None) -> str:
    return "--" if amount is None else _("%(amount)s yuan") % {"amount": show_yuan(amount)}


Rule = Callable[[Situation], Row | None]
# On these depends whether a case can be submitted.
RULES: tuple[Rule, ...] = (
    _age, _residence, _served, _class, _party, _help, _amount, _term, _use, _funding, _exposure, _arrears,
    _debts,
)  # fmt: skip
# These are for the page: enforced elsewhere, or only worth knowing.
NOTES: tuple[Rule, ...] = (_township, _others, _stop, _quota, _budget, _insurance)
