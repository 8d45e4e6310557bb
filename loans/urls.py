"""Nouns by object; a step stands in an address with hyphens."""

from django.urls import path, register_converter

from loans.choices import StepCode
from loans.views import (
    applications,
    care,
    cases,
    decisions,
    desk,
    late,
    lending,
    notices,
    papers,
    printing,
    programmes,
    queues,
    quotes,
    servicing,
    statements,
    write_offs,
)


class StepConverter:
    """`branch-review` in an address is `branch_review` in the code; anything else is no page."""

    regex = "|".join(code.replace("_", "-") for code in StepCode.values)

    def to_python(self, value: str) -> str:
        return value.replace("-", "_")

    def to_url(self, value: str) -> str:
        return value.replace("_", "-")


class ActConverter(StepConverter):
    """What an officer does with a loan, by the kind of its entry."""

    regex = "|".join(kind.replace("_", "-") for kind in servicing.ACTS)


register_converter(StepConverter, "step")
register_converter(ActConverter, "act")

app_name = "loans"

urlpatterns = [
    path("queues/<step:step>/", queues.queue, name="queue"),
    path("desk/", desk.desk, name="desk"),
    path("desk/export/", desk.export, name="desk-export"),
    path("desk/chosen/", desk.chosen, name="desk-chosen"),
    path("desk/bulk/", desk.bulk, name="desk-bulk"),
    path("desk/results/", desk.results, name="desk-results"),
    path("applications/", applications.find_applicant, name="find-applicant"),
    path("applications/new/", applications.new, name="application-new"),
    path("applications/<int:case_id>/edit/", applications.edit, name="application-edit"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/late/", late.late_list, name="late"),
    path("cases/<int:case_id>/urge/", late.urge, name="urge"),
    path("cases/<int:case_id>/", cases.case_detail, name="case"),
    path("cases/<int:case_id>/<step:step>/", decisions.decide, name="decide"),
    path("cases/<int:case_id>/introducers/", decisions.introducer_choices, name="introducers"),
    path("cases/<int:case_id>/withdraw/", decisions.withdraw, name="withdraw"),
    path("cases/<int:case_id>/print/<slug:paper>/", printing.print_case_paper, name="print"),
    path("cases/<int:case_id>/papers/", papers.papers, name="papers"),
    path("cases/<int:case_id>/papers/order/", papers.order, name="paper-order"),
    path("cases/<int:case_id>/papers/missing/", papers.missing, name="paper-missing"),
    path("cases/<int:case_id>/papers/<int:paper_id>/", papers.paper, name="paper"),
    path("cases/<int:case_id>/papers/<int:paper_id>/file/", papers.paper_file, name="paper-file"),
    path("cases/<int:case_id>/papers/<int:paper_id>/small/", papers.paper_thumbnail, name="paper-thumbnail"),
    path("cases/<int:case_id>/papers/<int:paper_id>/seen/", papers.seen, name="paper-seen"),
    path("cases/<int:case_id>/papers/<int:paper_id>/rotation/", papers.rotate, name="paper-rotate"),
    path("cases/<int:case_id>/papers/<int:paper_id>/replacement/", papers.replace, name="paper-replace"),
    path("cases/<int:case_id>/papers/<int:paper_id>/withdrawal/", papers.withdraw_one, name="paper-withdraw"),
    path("cases/<int:case_id>/objections/", notices.object_to, name="object"),
    path("cases/<int:case_id>/objections/<int:objection_id>/", notices.settle, name="settle"),
    path("loans/", lending.loan_list, name="loans"),
    path("loans/<int:loan_id>/", lending.loan_detail, name="loan"),
    path("loans/<int:loan_id>/allocation/", servicing.allocation, name="allocation"),
    path("loans/<int:loan_id>/entries/<int:entry_id>/reversal/", servicing.reversal, name="reversal"),
    path("loans/<int:loan_id>/<act:kind>/", servicing.act, name="act"),
    path("loans/<int:loan_id>/write-off/", write_offs.write_off_new, name="write-off-new"),
    path("write-offs/", write_offs.write_off_list, name="write-offs"),
    path("write-offs/<int:request_id>/", write_offs.write_off_detail, name="write-off"),
    path("write-offs/<int:request_id>/paper/", write_offs.write_off_paper, name="write-off-paper"),
    path("arrears/", servicing.arrears, name="arrears"),
    path("loans/<int:loan_id>/visits/new/", care.visit_new, name="visit-new"),
    path("loans/<int:loan_id>/visits/<int:visit_id>/", care.visit_detail, name="visit"),
    path("loans/<int:loan_id>/visits/<int:visit_id>/correction/", care.visit_correct, name="visit-correct"),
    path("loans/<int:loan_id>/photos/<uuid:photo>/", care.visit_photo, name="visit-photo"),
    path("loans/<int:loan_id>/photos/<uuid:photo>/small/", care.visit_thumbnail, name="visit-thumbnail"),
    path("loans/<int:loan_id>/collection/new/", care.collection_new, name="collection-new"),
    path("loans/<int:loan_id>/collection/<int:act_id>/paper/", care.collection_paper, name="collection-paper"),
    path("visits/", care.visit_list, name="visits"),
    path("statements/", statements.statement_list, name="statements"),
    path("statements/template/", statements.statement_template, name="statement-template"),
    path("statements/differences/", statements.differences, name="statement-differences"),
    path("statements/<int:statement_id>/", statements.statement_detail, name="statement"),
    path("statements/<int:statement_id>/post/", statements.post, name="statement-post"),
    path("statements/<int:statement_id>/check/", statements.check, name="statement-check"),
    path("statements/<int:statement_id>/discard/", statements.discard, name="statement-discard"),
    path("statements/lines/<int:line_id>/", statements.clarify, name="statement-line"),
    path("trial/", lending.trial, name="trial"),
    path("quote/", quotes.quote, name="quote"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/versions/<int:version_id>/", programmes.version_detail, name="version"),
    path("programmes/versions/<int:version_id>/quotas/", programmes.quota, name="quota"),
    path("programmes/versions/<int:version_id>/budgets/", programmes.budget, name="budget"),
]
