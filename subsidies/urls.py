"""Nouns by object; a decision stands in an address with hyphens."""

from django.urls import path, register_converter

from subsidies.views import batches, budgets, decisions, lenders, loans, papers, payments, returns, rules


class DeedConverter:
    """A decision that has a page."""

    regex = "|".join(decisions.DECISIONS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ClawbackDeedConverter(DeedConverter):
    """What is done about money that has to come back."""

    regex = "|".join(payments.CLAWBACK_FORMS)


register_converter(DeedConverter, "batch_deed")
register_converter(ClawbackDeedConverter, "clawback_deed")

app_name = "subsidies"

urlpatterns = [
    path("", batches.batch_list, name="batches"),
    path("new/", batches.batch_new, name="batch-new"),
    path("<int:batch_id>/", batches.batch_detail, name="batch"),
    path("<int:batch_id>/progress/", batches.progress, name="progress"),
    path("<int:batch_id>/compute/", batches.compute, name="compute"),
    path("<int:batch_id>/review/", decisions.review, name="review"),
    path("<int:batch_id>/publish/", decisions.publish, name="publish"),
    path("<int:batch_id>/<batch_deed:deed>/", decisions.decide, name="decide"),
    path("<int:batch_id>/papers/", papers.paper, name="paper"),
    path("<int:batch_id>/payments/", payments.payments, name="payments"),
    path("<int:batch_id>/payment-file/", payments.payment_file, name="payment-file"),
    path("<int:batch_id>/answers/", returns.answers, name="answers"),
    path("<int:batch_id>/answers/template/", returns.answers_template, name="answers-template"),
    path("<int:batch_id>/close/", payments.close, name="close"),
    path("answers/<int:file_id>/", returns.return_file, name="return-file"),
    path("answers/<int:file_id>/book/", returns.book, name="return-file-book"),
    path("answers/<int:file_id>/discard/", returns.discard, name="return-file-discard"),
    path("files/<int:file_id>/sent/", payments.file_sent, name="file-sent"),
    path("payments/<int:payment_id>/again/", payments.pay_again, name="pay-again"),
    path("payments/<int:payment_id>/give-up/", payments.give_up, name="give-up"),
    path("clawbacks/<int:clawback_id>/<clawback_deed:deed>/", payments.clawback, name="clawback"),
    path("lines/<int:line_id>/", loans.line, name="line"),
    path("loans/<int:loan_id>/", loans.loan, name="loan"),
    path("loans/<int:loan_id>/account/", loans.payout_account, name="account"),
    path("loans/<int:loan_id>/exclude/", loans.exclude, name="exclude"),
    path("loans/<int:loan_id>/findings/<int:exclusion_id>/cancel/", loans.cancel_exclusion, name="cancel-exclusion"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.rule_new, name="rule-new"),
    path("lenders/", lenders.lender_list, name="lenders"),
    path("lenders/<int:organization_id>/account/", lenders.lender_account, name="lender-account"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/<int:budget_id>/year-end/", budgets.year_end, name="year-end"),
]
