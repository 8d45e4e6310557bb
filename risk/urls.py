from django.urls import path

from risk.views import claims, funds, loans, statements, watching

app_name = "risk"

urlpatterns = [
    path("funds/", funds.fund_list, name="funds"),
    path("funds/new/", funds.fund_new, name="fund-new"),
    path("funds/<int:fund_id>/", funds.fund_detail, name="fund"),
    path("funds/<int:fund_id>/book/", funds.book, name="fund-book"),
    path("funds/<int:fund_id>/shares/", funds.shares, name="fund-shares"),
    path("funds/<int:fund_id>/rule/", funds.rule, name="fund-rule"),
    path("funds/<int:fund_id>/statement/", statements.statement, name="fund-statement"),
    path("statements/<int:statement_id>/", statements.statement_file, name="statement"),
    path("statements/<int:statement_id>/keep/", statements.keep, name="statement-keep"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<int:claim_id>/", claims.claim_detail, name="claim"),
    path("claims/<int:claim_id>/papers/<int:file_id>/", claims.claim_paper, name="claim-paper"),
    path("claims/<int:claim_id>/form/", claims.claim_form, name="claim-form"),
    path("write-offs/", claims.write_offs, name="write-offs"),
    path("loans/<int:loan_id>/", loans.loan_risk, name="loan"),
    path("loans/<int:loan_id>/claim/", claims.claim_new, name="claim-new"),
    path("loans/<int:loan_id>/category/", loans.judge, name="judge"),
    path("loans/<int:loan_id>/technical/", loans.technical, name="technical"),
    path("loans/<int:loan_id>/insurance/", loans.insure, name="insure"),
    path("loans/<int:loan_id>/diligence/", loans.diligence, name="diligence"),
    path("stops/", watching.stop_list, name="stops"),
    path("stops/new/", watching.stop_new, name="stop-new"),
    path("stops/<int:stop_id>/lift/", watching.stop_lift, name="stop-lift"),
    path("limits/new/", watching.breaker_new, name="breaker-new"),
    path("watch/new/", watching.watch_new, name="watch-new"),
    path("categories/", watching.category_list, name="categories"),
    path("warnings/", watching.warning_list, name="warnings"),
    path("warnings/<int:warning_id>/", watching.warning, name="warning"),
]
