from typing import Any

import django_tables2
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from web.tables import MomentColumn, OfficeTable


class JobTable(OfficeTable):
    caption: Any = _("My jobs")

    title = django_tables2.Column(verbose_name=_("Job"), linkify=("jobs:detail", {"job_id": django_tables2.A("pk")}))
    created_at = MomentColumn(_("Asked for at"))
    finished_at = MomentColumn(_("Finished at"))
    state = django_tables2.TemplateColumn(
        template_name="jobs/_state.html", context_object_name="job", verbose_name=_("State")
    )
    file = django_tables2.TemplateColumn(
        template_name="jobs/_download.html", context_object_name="job", verbose_name=_("File"), empty_values=()
    )

    class Meta:
        model = Job
        fields = ("title", "created_at", "finished_at", "state", "file")
        orderable = False
