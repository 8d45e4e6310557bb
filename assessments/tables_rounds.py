"""Lists of rounds, subjects, results, rewards and village posts."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from assessments.choices import CampaignState, Grade, Level, PayoutKind, PlanState
from assessments.models import Campaign, Result, RewardPayee, RewardPlan, Scheme, ScoreSheet, Subject, VillagePost
from web import display
from web.layout import Tone
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
STATE_TONES: dict[str, Tone] = {CampaignState.FINAL: Tone.OK, CampaignState.ARCHIVED: Tone.NEUTRAL}
GRADE_TONES: dict[str, Tone] = {Grade.EXCELLENT: Tone.PARTY, Grade.GOOD: Tone.OK, Grade.PASS: Tone.INFO}
PLAN_TONES: dict[str, Tone] = {PlanState.APPROVED: Tone.OK, PlanState.RETURNED: Tone.BAD}
PAYOUT_TONES: dict[str, Tone] = {PayoutKind.PAID: Tone.OK, PayoutKind.RETURNED: Tone.BAD}


def state_tag(campaign: Campaign) -> SafeString:
    return status(str(campaign.get_state_display()), STATE_TONES.get(campaign.state, Tone.INFO))


def grade_tag(result: Result) -> SafeString:
    return status(str(result.get_grade_display()), GRADE_TONES.get(result.grade, Tone.BAD))


def plan_tag(plan: RewardPlan) -> SafeString:
    return status(str(plan.get_state_display()), PLAN_TONES.get(plan.state, Tone.WARN))


def payout_tag(kind: str | None) -> SafeString:
    if not kind:
        return status(_("Not paid yet"), Tone.WARN)
    return status(str(PayoutKind(kind).label), PAYOUT_TONES[kind])


def subject_link(subject: Subject) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("assessments:subject", args=[subject.pk]), subject.name)


class RoundTable(OfficeTable):
    """Rounds as rows. Needs `campaign_rows`."""

    caption = gettext_lazy("Rounds of assessment")

    name = django_tables2.Column(gettext_lazy("Round"))
    kind = django_tables2.Column(gettext_lazy("Who is assessed"), accessor="scheme__get_subject_kind_display")
    first_day = DayColumn(gettext_lazy("Period from"))
    last_day = DayColumn(gettext_lazy("Period to"))
    assessed = CountColumn(gettext_lazy("Number assessed"))
    scored = CountColumn(gettext_lazy("Scored by the county"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_name(self, record: Campaign) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:round", args=[record.pk]), record.name)

    def render_state(self, record: Campaign) -> SafeString:
        return state_tag(record)


class SubjectTable(OfficeTable):
    """Who is assessed in a round, with the score of each level. Needs `subject_rows`."""

    caption = gettext_lazy("Who is assessed")

    name = django_tables2.Column(gettext_lazy("Assessed"))
    township = django_tables2.Column(gettext_lazy("Township"), accessor="township__name", default=display.EMPTY)
    self_score = django_tables2.Column(Level.SELF.label, empty_values=(), attrs=NUMBER)
    first_score = django_tables2.Column(Level.FIRST.label, empty_values=(), attrs=NUMBER)
    county_score = django_tables2.Column(Level.COUNTY.label, empty_values=(), attrs=NUMBER)
    grade = django_tables2.Column(pgettext_lazy("assessment", "Grade"), empty_values=())

    class Meta:
        orderable = False

    def __init__(
        self,
        *args: Any,
        sheets: Mapping[int, Mapping[str, ScoreSheet]],
        levels: Sequence[Level],
        may_open: bool,
        **kwargs: Any,
    ) -> None:
        self.sheets, self.may_open = sheets, may_open
        left_out = [f"{level.value}_score" for level in Level if level not in levels]
        super().__init__(*args, exclude=left_out, **kwargs)

    def _score(self, record: Subject, level: Level) -> str:
        sheet = self.sheets.get(record.pk, {}).get(level)
        return str(sheet.score) if sheet else display.EMPTY

    def render_name(self, record: Subject) -> SafeString | str:
        return subject_link(record) if self.may_open else record.name

    def render_self_score(self, record: Subject) -> str:
        return self._score(record, Level.SELF)

    def render_first_score(self, record: Subject) -> str:
        return self._score(record, Level.FIRST)

    def render_county_score(self, record: Subject) -> str:
        return self._score(record, Level.COUNTY)

    def render_grade(self, record: Subject) -> SafeString | str:
        result = getattr(record, "result", None)
        if result:
            return grade_tag(result)
        vetoed = any(sheet.is_vetoed for sheet in self.sheets.get(record.pk, {}).values())
        return status(_("vetoed"), Tone.BAD) if vetoed else display.EMPTY


class RankingTable(OfficeTable):
    """Results, the best first. Needs `ranking_of`."""

    caption = gettext_lazy("Ranking")

    rank_in_county = CountColumn(gettext_lazy("Rank in the county"))
    name = django_tables2.Column(gettext_lazy("Assessed"), accessor="subject__name")
    township = django_tables2.Column(gettext_lazy("Township"), accessor="subject__township__name", default="--")
    score = django_tables2.Column(pgettext_lazy("assessment", "Score"), attrs=NUMBER)
    rank_in_township = CountColumn(gettext_lazy("Rank in the township"))
    grade = django_tables2.Column(pgettext_lazy("assessment", "Grade"))

    class Meta:
        orderable = False

    def render_grade(self, record: Result) -> SafeString:
        return grade_tag(record)

    def value_grade(self, record: Result) -> str:
        return str(record.get_grade_display())


class PayeeTable(OfficeTable):
    """Who gets money by a plan. Needs `payee_rows`."""

    caption = gettext_lazy("Rewards")

    name = django_tables2.Column(gettext_lazy("Payee"))
    grounds = django_tables2.Column(gettext_lazy("For"), empty_values=())
    amount = MoneyColumn(gettext_lazy("Amount"), total=True)
    state = django_tables2.Column(gettext_lazy("Payout"), empty_values=())

    class Meta:
        orderable = False

    def render_name(self, record: RewardPayee) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:payee", args=[record.pk]), record.name)

    def value_name(self, record: RewardPayee) -> str:
        return record.name

    def render_grounds(self, record: RewardPayee) -> str:
        return grounds_of(record)

    def render_state(self, record: RewardPayee) -> SafeString:
        return payout_tag(record.last_kind)  # type: ignore[attr-defined]  # with_state

    def value_state(self, record: RewardPayee) -> str:
        kind = record.last_kind  # type: ignore[attr-defined]  # with_state
        return str(PayoutKind(kind).label) if kind else _("Not paid yet")


def grounds_of(payee: RewardPayee) -> str:
    """Return for what somebody gets money, in one line. Needs the lines."""
    return "；".join(
        f"{line.subject.name}{f'（{line.get_role_display()}）' if line.role else ''} {line.get_kind_display()}"
        for line in payee.lines.all()
    )


class BudgetTable(OfficeTable):
    """Budgets for rewards as they were set, the newest first."""

    caption = gettext_lazy("Budgets for rewards")

    year = django_tables2.Column(gettext_lazy("Year"))
    amount = MoneyColumn(gettext_lazy("Budget"))
    document_number = django_tables2.Column(gettext_lazy("Document number"))
    set_by = django_tables2.Column(gettext_lazy("Set by"), accessor="set_by__name")
    set_at = DayColumn(gettext_lazy("Set on"))

    class Meta:
        orderable = False


class VillagePostTable(OfficeTable):
    """Who holds or held a village's posts."""

    caption = gettext_lazy("Village posts")

    organization = django_tables2.Column(gettext_lazy("Village organization"), accessor="organization__name")
    role = django_tables2.Column(gettext_lazy("Village post"), accessor="get_role_display")
    person = django_tables2.Column(gettext_lazy("Name"), accessor="person__name")
    valid_from = DayColumn(gettext_lazy("From"))
    valid_to = django_tables2.Column(gettext_lazy("To"), empty_values=())

    class Meta:
        orderable = False

    def render_valid_to(self, record: VillagePost) -> SafeString | str:
        if record.valid_to:
            return display.show_day(record.valid_to)
        url = reverse("assessments:village-post-end", args=[record.pk])
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>', url, _("Leaves"), record.person
        )


class SchemeTable(OfficeTable):
    """Schemes with their versions."""

    caption = gettext_lazy("Schemes of assessment")

    name = django_tables2.Column(gettext_lazy("Scheme"))
    version = django_tables2.Column(gettext_lazy("Version"), attrs=NUMBER)
    subject_kind = django_tables2.Column(gettext_lazy("Who is assessed"), accessor="get_subject_kind_display")
    period_kind = django_tables2.Column(pgettext_lazy("assessment", "Period"), accessor="get_period_kind_display")
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_name(self, record: Scheme) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:scheme", args=[record.pk]), record.name)

    def render_state(self, record: Scheme) -> SafeString:
        return status(str(record.get_state_display()), Tone.WARN if record.is_draft else Tone.OK)
