from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class PeriodKind(models.TextChoices):
    """一季一调度, 半年一小结, 一年一考核."""

    QUARTER = "quarter", _("Quarterly review")
    HALF_YEAR = "half_year", _("Half-year summary")
    YEAR = "year", _("Annual assessment")


class SubjectKind(models.TextChoices):
    BRANCH = "branch", _("Village Party organizations")
    TOWNSHIP = "township", _("Townships")
    OUTLET = "outlet", _("Credit-union outlets")
    MANAGER = "manager", _("Account managers")
    DEPARTMENT = "department", _("Departments of the county")


class SchemeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("scheme", "Draft")
    PUBLISHED = "published", pgettext_lazy("scheme", "In force")


class Direction(models.TextChoices):
    HIGHER = "higher", _("The higher the better")
    LOWER = "lower", _("The lower the better")


class Formula(models.TextChoices):
    PROPORTION = "proportion", _("In proportion to the target")
    THRESHOLD = "threshold", _("Full points at the target, else none")
    DEDUCTION = "deduction", _("Points off for every unit beyond the target")


class Measure(models.TextChoices):
    """What the house counts itself at the end of the period; everything else is entered with evidence."""

    LENT_AMOUNT = "lent_amount", _("Lent in the period (10,000 yuan)")
    LOANS_MADE = "loans_made", _("Loans paid out in the period (loans)")
    RECOVERY_RATE = "recovery_rate", _("Principal fallen due that was repaid")
    VISITED_SHARE = "visited_share", _("Live loans that were visited in the period")
    PARTY_SHARE = "party_share", _("Loans to members' or led households")
    LEADING_SHARE = "leading_share", _("Assessed loans whose borrower leads others")
    MISUSE_OPEN = "misuse_open", _("Misuse found and not corrected (loans)")


class Level(models.TextChoices):
    """Who scores: 自评, 初评, 复评, and what the county sets right after an appeal."""

    SELF = "self", _("Self-assessment")
    FIRST = "first", _("First assessment")
    COUNTY = "county", _("County assessment")


class CampaignState(models.TextChoices):
    """自评 → 初评 → 复评 → 公示 → 审定 → 归档."""

    SELF = "self", pgettext_lazy("round", "Self-assessment")
    FIRST = "first", pgettext_lazy("round", "First assessment")
    COUNTY = "county", pgettext_lazy("round", "County assessment")
    NOTICE = "notice", pgettext_lazy("round", "Notice of results")
    FINAL = "final", pgettext_lazy("round", "Results final")
    ARCHIVED = "archived", pgettext_lazy("round", "Archived")


class Grade(models.TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("grade", "Excellent")
    GOOD = "good", pgettext_lazy("grade", "Good")
    PASS = "pass", pgettext_lazy("grade", "Qualified")
    FAIL = "fail", pgettext_lazy("grade", "Not qualified")


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld, the score is corrected")
    REJECTED = "rejected", pgettext_lazy("appeal", "Not upheld, the score stands")


class ConsequenceKind(models.TextChoices):
    CRITICISM = "criticism", _("Criticised by notice")
    ADJUSTMENT = "adjustment", _("Staff adjusted")
    SUSPENSION = "suspension", _("Waiting for a new post")
    HANDLING = "handling", _("Organisational handling")


class VillageRole(models.TextChoices):
    """The three posts of a village whose holders share in a reward."""

    SECRETARY = "secretary", _("Secretary of the village")
    DIRECTOR = "director", _("Head of the village committee")
    OFFICER = "officer", _("Officer for poverty relief")


class RankRule(models.TextChoices):
    COMPETITION = "competition", _("1, 2, 2, 4: after a tie places are skipped")
    DENSE = "dense", _("1, 2, 2, 3: after a tie no place is skipped")


class TieRule(models.TextChoices):
    SHARE = "share", _("All who tie for the last place get the whole award")
    SPLIT = "split", _("Those who tie split the awards of their places")
    EXCLUDE = "exclude", _("Who ties for the last place gets no award")


class StackingRule(models.TextChoices):
    ADD = "add", _("Awards of township and county add up")
    HIGHER = "higher", _("Only the higher award is paid")


class TownshipRule(models.TextChoices):
    ONCE = "once", _("Once for a township, however many villages win")
    PER_VILLAGE = "per_village", _("Once for every village that wins")


class HolderRule(models.TextChoices):
    SPLIT = "split", _("Split by days among those who held the post")
    AT_END = "at_end", _("To whoever held it on the last day")


class PrizeLevel(models.TextChoices):
    TOWNSHIP = "township", pgettext_lazy("prize", "Township")
    COUNTY = "county", pgettext_lazy("prize", "County")


class PlanState(models.TextChoices):
    COMPUTED = "computed", pgettext_lazy("reward plan", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("reward plan", "Approved")
    RETURNED = "returned", pgettext_lazy("reward plan", "Returned")


class RewardKind(models.TextChoices):
    BASE = "base", _("Working funds by score")
    TOP_TOWNSHIP = "top_township", _("Among the first of the township")
    TOP_COUNTY = "top_county", _("Among the first of the county")
    PERSON_TOWNSHIP = "person_township", _("Person, first of the township")
    PERSON_COUNTY = "person_county", _("Person, first of the county")
    TOWNSHIP = "township", _("Township of the winners")


class PayoutKind(models.TextChoices):
    PAID = "paid", pgettext_lazy("payout", "Paid")
    RETURNED = "returned", pgettext_lazy("payout", "Returned by the bank")
