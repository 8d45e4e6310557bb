"""Loads the demo county: everything in one transaction, so that a county is either whole or not there at all."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.apps import apps
from django.db import connection, transaction
from django.utils import translation

from accounts.choices import Role
from accounts.models import User
from finance.daycount import add_months
from loans.choices import BorrowerKind
from loans.models import Loan, ProgrammeVersion
from loans.operations.programmes import set_budget, set_quota
from organizations.choices import VillageKind
from organizations.models import Organization
from redcredit.demo.absences import absences
from redcredit.demo.accounts import Staff, assign_seats, open_accounts
from redcredit.demo.arrears import Arrears, conducts_of, fund_acts
from redcredit.demo.assessments import Assessments
from redcredit.demo.borrowers import Borrower, Borrowers
from redcredit.demo.fieldwork import FieldWork
from redcredit.demo.history import History
from redcredit.demo.honours import Honours
from redcredit.demo.organizations import Offices, found_offices
from redcredit.demo.people import Neighbourhood, Register, fill_branches
from redcredit.demo.plan import HELPING_MAX, SELF_MAX, PlannedLoan, plan_lending, share_out
from redcredit.demo.printed import Printed
from redcredit.demo.quarters import Quarters
from redcredit.demo.repayments import Counter, Servicing
from redcredit.demo.stories import THOUSAND, Desk, Story, Wish
from redcredit.demo.timeline import HERE, Clockwork
from redcredit.demo.visits import Rounds
from redcredit.demo.waiting import STANDINGS, Standing, Waiting, acts_of
from redcredit.reference import load_reference, read_json
from risk.operations.daily import run_daily_risk
from workflow.queries import forget_calendar, work_calendar

COUNTY = "jianchuan"
LOAD_DAY = date(2014, 8, 15)
MORNING = datetime(2014, 8, 15, 8, 30, tzinfo=HERE)
OWN_VILLAGE = "532931201205"
REFERENCE_AT = datetime(2013, 5, 20, 10, tzinfo=HERE)
APPOINTED_AT = datetime(2013, 6, 3, 9, tzinfo=HERE)
FIRST_APPLICATION = date(2013, 6, 13)
PLANS_SET_AT = {2013: datetime(2013, 6, 5, 15, tzinfo=HERE), 2014: datetime(2014, 1, 2, 8, 35, tzinfo=HERE)}
BUDGETS = {
    2013: (Decimal("2500000.00"), "2013年贴息专项资金（示例）"),
    2014: (Decimal("1650000.00"), "2014年贴息专项资金（示例）"),
}
# Until then an applicant may have asked for more than he got: later in the year the quota would not hold it.
ASKED_MORE_UNTIL = date(2013, 11, 15)
ASKED_MORE_IN = 16
ANALYZE_AFTER = (500, 2_000, 6_000, 12_000)
ANALYZED = ("organizations", "accounts", "loans", "subsidies", "risk", "assessments")
VISITS_AT = datetime(2014, 8, 14, 18, tzinfo=HERE)
RISK_AT = datetime(2014, 8, 15, 0, 15, tzinfo=HERE)

Say = Callable[[str], None]


class CountyIsTaken(Exception):
    """The database holds accounts or offices that are not the demo's: nothing may be loaded over them."""


@dataclass(frozen=True)
class Size:
    """How much of the county is loaded: all of it, or a quick sample (its figures are not the printed ones)."""

    loan_stride: int = 1
    waiting_divisor: int = 1


WHOLE, SMALL = Size(), Size(loan_stride=30, waiting_divisor=5)


def is_loaded() -> bool:
    return Loan.objects.exists()


@transaction.atomic
def load_county(*, password: str | None, size: Size = WHOLE, say: Say) -> None:
    """Load the county and its history. Raises CountyIsTaken.

    `password` is that of the demo's accounts; without one nobody can sign in.
    """
    if Organization.objects.exists() or User.objects.filter(is_system=False).exists():
        raise CountyIsTaken
    with translation.override("zh-hans"):
        _Loader(size=size, say=say).load(password)


class _Loader:
    """The stages, in order, and what each leaves for the next."""

    def __init__(self, *, size: Size, say: Say) -> None:
        self.size, self.say = size, say
        self.recipe = read_json("demo", "recipe.json")
        self.history = History()

    def load(self, password: str | None) -> None:
        loaded = load_reference(county=COUNTY, at=REFERENCE_AT)
        forget_calendar()
        self.say(f"divisions {loaded.divisions:,}, programme versions {len(loaded.versions)}")
        offices = found_offices(read_json("demo", "offices.json"), county_code="532931000000")
        self.say(f"organizations {Organization.objects.count():,}")
        register = Register(f"{self.recipe['seed']} people")
        neighbourhoods, circles = fill_branches(register, offices)
        planned = self._planned(offices)
        borrowers = _Households(register, neighbourhoods, weights=self.recipe["first_year"]["by_township"])
        lent = [(loan, borrowers.of_loan(loan)) for loan in planned]
        open_cases = borrowers.of_waiting(offices, self.size)
        accounts = read_json("demo", "accounts.json")["accounts"]
        seats = assign_seats(offices, neighbourhoods, circles, accounts, register=register)
        register.write()
        self.say(f"households {len(register.households):,}, people {len(register.people):,}")
        self.say(f"Party members {len(register.members):,}")
        staff = open_accounts(seats, password=password, at=APPOINTED_AT)
        self.say(f"accounts and posts {len(seats):,}")
        desk = self._desk(offices, staff)
        self._set_plans(desk)
        self._plan_lent(desk, lent)
        self._plan_waiting(desk, open_cases)
        self._let_it_happen()

    def _planned(self, offices: Offices) -> list[PlannedLoan]:
        villages = {
            code: [v.division.code for v in township.villages if v.division.kind == VillageKind.VILLAGE]
            for code, township in offices.townships.items()
        }
        plan = plan_lending(self.recipe, calendar=work_calendar(), villages=villages)
        return [loan for place, loan in enumerate(plan) if loan.key or place % self.size.loan_stride == 0]

    def _desk(self, offices: Offices, staff: Staff) -> Desk:
        versions = ProgrammeVersion.objects.filter(programme__code=COUNTY).prefetch_related("tiers", "steps")
        return Desk(
            offices=offices,
            staff=staff,
            versions={int(version.code): version for version in versions},
            seed=f"{self.recipe['seed']} desk",
        )

    def _set_plans(self, desk: Desk) -> None:
        """Set each year's quotas and budget, as the two offices do on their page."""
        name = desk.offices.by_name
        lead = desk.staff.at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0]
        finance = desk.staff.at(Role.FINANCE_OFFICER, name["县财政局"])[0]
        first_year = self.recipe["first_year"]["by_township"]
        for year, version in desk.versions.items():
            assert version.lending_plan is not None
            shares = share_out(int(version.lending_plan) // THOUSAND, first_year)
            for code, share in shares.items():
                set_quota(
                    version=version,
                    township=desk.offices.townships[code].division,
                    year=year,
                    total=Decimal(share * THOUSAND),
                    set_by=lead,
                    set_at=PLANS_SET_AT[year],
                )
            appropriated, document = BUDGETS[year]
            set_budget(
                version=version,
                year=year,
                appropriated=appropriated,
                document_number=document,
                set_by=finance,
                set_at=PLANS_SET_AT[year],
            )

    def _plan_lent(self, desk: Desk, lent: "list[tuple[PlannedLoan, Borrower]]") -> None:
        clockwork, counter = self._clockwork(desk, "lent"), Counter()
        honours = self.honours = Honours(desk)
        rounds = Rounds(calendar=work_calendar(), today=LOAD_DAY, seed=f"{self.recipe['seed']} visits")
        loans = [loan for loan, _borrower in lent]
        conducts = conducts_of(
            loans,
            own_village=OWN_VILLAGE,
            due=[add_months(loan.day, loan.term_months) for loan in loans],
            seed=f"{self.recipe['seed']} arrears",
        )
        for (loan, borrower), conduct in zip(lent, conducts, strict=True):
            year = loan.day.year
            earliest = max(FIRST_APPLICATION, PLANS_SET_AT[year].date())
            story = Story(desk, borrower, _wish(desk, loan), year=year)
            times = clockwork.times_before(loan.day, earliest=earliest)
            self.history.add(story.acts(times).values())
            servicing = Servicing(story, conduct)
            self.history.add(servicing.acts(paid_on=loan.day, clockwork=clockwork, today=LOAD_DAY, counter=counter))
            self.history.add(Arrears(story, conduct).acts())
            rounds.take(story, loan.day, conduct)
            honours.take(story, loan, conduct)
        self.history.add(honours.acts())
        self.history.add(FieldWork(desk).acts())
        self.history.add(absences(desk))
        self.history.add(Assessments(desk).acts())
        self.history.add([(VISITS_AT, rounds.write)])
        self.history.add(counter.acts(clockwork))
        self.history.add(fund_acts(desk, read_json("demo", "risk.json")))
        self.history.add(Printed(desk).acts())
        self.history.add(Quarters(desk, calendar=work_calendar(), analyze=_analyze).acts())

    def _plan_waiting(self, desk: Desk, cases: "list[tuple[Standing, bool, Wish, Borrower]]") -> None:
        version = desk.versions[LOAD_DAY.year]
        waiting = Waiting(
            clockwork=self._clockwork(desk, "waiting"),
            now=MORNING,
            deadline_days={step.code: step.deadline_days for step in version.steps.all()},
            earliest=PLANS_SET_AT[LOAD_DAY.year].date(),
            seed=f"{self.recipe['seed']} waiting",
        )
        for standing, overdue, wish, borrower in self.honours.borrows_again(cases, own_village=OWN_VILLAGE):
            story = Story(desk, borrower, wish, year=LOAD_DAY.year)
            self.history.add(acts_of(story, waiting.times(standing, overdue=overdue), standing))

    def _clockwork(self, desk: Desk, name: str) -> Clockwork:
        return Clockwork(
            calendar=work_calendar(),
            notice_days=desk.versions[LOAD_DAY.year].notice_days,
            seed=f"{self.recipe['seed']} {name}",
        )

    def _let_it_happen(self) -> None:
        total = len(self.history)
        percent_said = -1

        def on_progress(done: int, acts: int) -> None:
            nonlocal percent_said
            if done in ANALYZE_AFTER:
                _analyze()
            percent = done * 100 // acts
            if percent // 5 > percent_said // 5 or percent_said < 0:
                percent_said = percent
                self.say(f"acts {done:,} of {acts:,} ({percent} %)")

        _analyze()
        gc.freeze()  # the registers stay to the end: looking through them for garbage again and again takes a tenth
        self.say(f"acts planned {total:,}")
        self.history.happen(until=MORNING, on_progress=on_progress)
        run_daily_risk(at=RISK_AT)
        self.say(f"loans {Loan.objects.count():,}")


class _Households:
    """Gives each planned loan and each open case its borrower."""

    def __init__(
        self, register: Register, neighbourhoods: Mapping[str, Neighbourhood], *, weights: Mapping[str, int]
    ) -> None:
        self.neighbourhoods, self.weights = neighbourhoods, weights
        self.borrowers = Borrowers(register)
        self.rng = register.rng
        self._known: dict[tuple[int, ...], Borrower] = {}

    def of_loan(self, loan: PlannedLoan) -> Borrower:
        """Return who borrows; the same household for the second loan of a case."""
        known = self._known.get(loan.units)
        if known is None:
            known = self._known[loan.units] = self._new(loan)
        elif known.helped:
            # Those promised help under the first loan count for that one: the second names others.
            helped = self.borrowers.helped(known.neighbourhood, known.person, loan.tier)
            known = self._known[loan.units] = replace(known, helped=helped)
        return known

    def _new(self, loan: PlannedLoan) -> Borrower:
        where = self.neighbourhoods[loan.village]
        match loan.borrower:
            case BorrowerKind.COOPERATIVE:
                return self.borrowers.cooperative(where, households=len(loan.units), use=loan.use)
            case BorrowerKind.COLLECTIVE:
                return self.borrowers.collective(where)
            case _:
                member = where.general_secretary if loan.is_secretary else None
                return self.borrowers.household(where, is_party=loan.is_party, tier=loan.tier, member=member)

    def of_waiting(self, offices: Offices, size: Size) -> "list[tuple[Standing, bool, Wish, Borrower]]":
        cases = []
        for standing in STANDINGS:
            elsewhere = -(-standing.elsewhere // size.waiting_divisor)
            for place in range(standing.own):
                overdue = place < standing.own_overdue
                cases.append(self._waiting(standing, overdue=overdue, village=OWN_VILLAGE, is_special=place == 0))
            for place in range(elsewhere):
                village = self._elsewhere(offices)
                cases.append(self._waiting(standing, overdue=place < standing.overdue, village=village))
        return cases

    def _elsewhere(self, offices: Offices) -> str:
        """Return any other village; a township has as many open cases as its share of the lending lets it have."""
        (code,) = self.rng.choices(list(self.weights), list(self.weights.values()))
        villages = [
            village.division.code
            for village in offices.townships[code].villages
            if village.division.kind == VillageKind.VILLAGE and village.division.code != OWN_VILLAGE
        ]
        return self.rng.choice(villages)

    def _waiting(
        self, standing: Standing, *, overdue: bool, village: str, is_special: bool = False
    ) -> "tuple[Standing, bool, Wish, Borrower]":
        """`is_special`: the applicant has a long or a rare name, so that every queue of the demo shows one."""
        where, rng = self.neighbourhoods[village], self.rng
        is_party = standing.is_above_consent or rng.randrange(4) == 0
        amount, tier = rng.choice((10, 15, 20, 25, 30, 30, 40, 45, 50, 50, 60, 80, 100)), "self"
        if standing.is_above_consent:
            amount, tier = rng.choice((220, 250, 280)), "leading"
        elif is_party and rng.randrange(3) == 0:
            amount, tier = rng.choice((120, 150, 180)), "helping"
        use = rng.choice(("livestock", "livestock", "crops", "crops", "processing", "tourism", "other_business"))
        if standing.name == "objected":
            use = "livestock"  # the objection is about a stable near a spring
        wish = Wish(asked=amount, granted=amount, term_months=rng.choice((12, 12, 12, 24)), use=use, tier=tier)
        return (
            standing,
            overdue,
            wish,
            self.borrowers.household(where, is_party=is_party, tier=tier, is_special=is_special),
        )


def _wish(desk: Desk, loan: PlannedLoan) -> Wish:
    """Return what was asked for: now and then more than the lender gave in the end."""
    asked = loan.thousands
    may_be_more = loan.day <= ASKED_MORE_UNTIL and not loan.key and not loan.is_body
    if may_be_more and desk.rng.randrange(ASKED_MORE_IN) == 0:
        limit = {"self": SELF_MAX, "helping": HELPING_MAX}.get(loan.tier, asked)
        asked = min(limit, asked + desk.rng.choice((5, 10, 20)))
    return Wish(
        asked=asked,
        granted=loan.thousands,
        term_months=loan.term_months,
        use=loan.use,
        tier=loan.tier,
        project=loan.project,
    )


def _analyze() -> None:
    """Tell the planner that the tables are no longer empty: inside one transaction nobody else does.

    Only our own tables: the whole would lock the catalogues that all databases of a server share, until the commit.
    """
    tables = [model._meta.db_table for app in ANALYZED for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(table) for table in tables))
