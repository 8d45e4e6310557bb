"""Words of random inspections, of the problems they find, and of the publicity for the programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class SheetKind(models.TextChoices):
    """The three forms of the report: 走访调研, 实地查看, 问卷调查."""

    INTERVIEW = "interview", _("Interview at home")
    ON_SITE = "on_site", _("Look at the project on site")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")


class ProblemState(models.TextChoices):
    OPEN = "open", pgettext_lazy("problem", "Being solved")
    ESCALATED = "escalated", _("Reported upwards")
    SOLVED = "solved", pgettext_lazy("problem", "Solved")


class ProblemOutcome(models.TextChoices):
    REPORT = "report", pgettext_lazy("problem", "Registered")
    SOLVE = "solve", pgettext_lazy("problem", "Solved")
    EXTEND = "extend", pgettext_lazy("problem", "Deadline moved")
    ESCALATE = "escalate", pgettext_lazy("problem", "Reported upwards")
    REPLY = "reply", _("Reply from above written down")


class HigherLevel(models.TextChoices):
    PREFECTURE = "prefecture", _("Organisation department of the prefecture")
    PROVINCE = "province", _("Organisation department of the province")


class Channel(models.TextChoices):
    """「通过会议、信息栏、手机报、广播电视和发放宣传资料等方式」, and the night school of Tongren."""

    MEETING = "meeting", pgettext_lazy("publicity", "Meeting")
    BOARD = "board", pgettext_lazy("publicity", "Notice board")
    MOBILE = "mobile", _("Mobile phone paper")
    BROADCAST = "broadcast", _("Radio and television")
    LEAFLET = "leaflet", _("Leaflets handed out")
    NIGHT_SCHOOL = "night_school", _("Financial night school")
    TRAINING = "training", pgettext_lazy("publicity", "Training")
