"""Nouns by object; a step stands in an address with hyphens."""

from django.urls import path, register_converter

from loans.choices import DraftPage, StepCode
from loans.views import (
    applicants,
    applications,
    bulk,
    care,
    cases,
    decisions,
    desk,
    eligibility,
    filings,
    help,
    late,
    lending,
    meetings,
    notices,
    objections,
    papers,
    phrases,
    printing,
    programmes,
    queues,
    quotes,
    recalls,
    rosters,
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


class DraftConverter(StepConverter):
    """A page of the guided application."""

    regex = "|".join(DraftPage.values)


register_converter(StepConverter, "step")
register_converter(DraftConverter, "draft")
register_converter(ActConverter, "act")

app_name = "loans"

urlpatterns = [
    path("queues/<step:step>/", queues.queue, name="queue"),
    path("queues/<step:step>/bulk/", bulk.bulk, name="bulk"),
    path("queues/<step:step>/bulk/results/", bulk.results, name="bulk-results"),
    path("filings/", filings.filing_list, name="filings"),
    path("filings/<int:filing_id>/", filings.filing_detail, name="filing"),
    path("phrases/", phrases.phrase_list, name="phrases"),
    path("phrases/<int:phrase_id>/delete/", phrases.phrase_delete, name="phrase-delete"),
    path("desk/", desk.desk, name="desk"),
    path("desk/export/", desk.export, name="desk-export"),
    path("desk/chosen/", desk.chosen, name="desk-chosen"),
    path("desk/bulk/", desk.bulk, name="desk-bulk"),
    path("desk/results/", desk.results, name="desk-results"),
    path("applications/", applicants.find_applicant, name="find-applicant"),
    path("applications/check/", applicants.check_applicant, name="applicant-check"),
    path("applications/register/", applicants.register, name="applicant-register"),
    path("applications/checklist/", applicants.checklist, name="checklist"),
    path("applications/new/", applicants.new, name="application-new"),
    path("applications/<int:case_id>/edit/", applications.edit, name="application-edit"),
    path("applications/<int:case_id>/introducers/", applications.introducer_choices, name="draft-introducers"),
    path("applications/<int:case_id>/people/", applications.people, name="application-people"),
    path("applications/<int:case_id>/submitted/", applications.submitted, name="application-submitted"),
    path("applications/<int:case_id>/<draft:page>/", applications.page, name="application-page"),
    path("applications/<int:case_id>/<draft:page>/autosave/", applications.autosave, name="application-autosave"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/late/", late.late_list, name="late"),
    path("cases/<int:case_id>/urge/", late.urge, name="urge"),
    path("cases/<int:case_id>/", cases.case_detail, name="case"),
    path("cases/<int:case_id>/<step:step>/", decisions.decide, name="decide"),
    path("cases/<int:case_id>/introducers/", decisions.introducer_choices, name="introducers"),
    path("cases/<int:case_id>/decisions/<int:decision_id>/recall/", recalls.recall, name="recall"),
    path("cases/<int:case_id>/eligibility/", eligibility.panel, name="eligibility"),
    path("cases/<int:case_id>/reasons/", eligibility.reasons, name="reasons"),
    path("cases/<int:case_id>/help/", help.verify, name="help-verify"),
    path("cases/<int:case_id>/help/<int:person_id>/lapse/", help.lapse, name="help-lapse"),
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
    path("notices/", rosters.roster_list, name="notices"),
    path("notices/new/", rosters.roster_new, name="notice-new"),
    path("notices/<int:roster_id>/", rosters.roster_detail, name="notice"),
    path("notices/<int:roster_id>/anew/", rosters.anew, name="notice-anew"),
    path("notices/<int:roster_id>/poster/", rosters.poster, name="notice-poster"),
    path("notices/<int:roster_id>/photos/new/", rosters.photo_new, name="notice-photo-new"),
    path("notices/<int:roster_id>/photos/<uuid:photo>/", rosters.photo, name="notice-photo"),
    path("notices/<int:roster_id>/photos/<uuid:photo>/small/", rosters.thumbnail, name="notice-thumbnail"),
    path("objections/", objections.objection_list, name="objections"),
    path("objections/<int:objection_id>/", objections.objection_detail, name="objection"),
    path("objections/<int:objection_id>/acceptance/", objections.accept, name="objection-accept"),
    path("objections/<int:objection_id>/aside/", objections.aside, name="objection-aside"),
    path("objections/<int:objection_id>/extension/", objections.extend, name="objection-extend"),
    path("objections/<int:objection_id>/reply/", objections.reply, name="objection-reply"),
    path("objections/<int:objection_id>/evidence/new/", objections.evidence_new, name="evidence-new"),
    path("objections/<int:objection_id>/evidence/<uuid:paper>/", objections.evidence, name="evidence"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/agenda/", meetings.agenda, name="meeting-agenda"),
    path("meetings/<int:meeting_id>/votes/", meetings.votes, name="meeting-votes"),
    path("meetings/<int:meeting_id>/close/", meetings.close, name="meeting-close"),
    path("meetings/<int:meeting_id>/minutes/", meetings.minutes, name="meeting-minutes"),
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
