from django.urls import path

from dashboards import views
from dashboards.board import views as board
from dashboards.ledger import views as ledger
from dashboards.statistics.views import bulletins, editions, reports

app_name = "dashboards"

urlpatterns = [
    path("", board.county, name="county"),
    path("hall/", board.hall, name="hall"),
    path("board.json", board.board_json, name="board-json"),
    path("workbook/", board.board_workbook, name="board-workbook"),
    path("cases/", board.cases, name="cases"),
    path("overdue/", board.overdue, name="overdue"),
    path("loans/", views.loans, name="loans"),
    path("background/", views.background, name="background"),
    path("published/", views.published, name="published"),
    path("published/new/", ledger.publication_new, name="publication-new"),
    path("published/<int:publication_id>/", ledger.publication, name="publication"),
    path("published/<int:publication_id>/figures/new/", ledger.figure_new, name="printed-figure-new"),
    path("published/figures/<int:figure_id>/explain/", ledger.figure_explain, name="figure-explain"),
    path("published/figures/<int:figure_id>/withdraw/", ledger.figure_withdraw, name="figure-withdraw"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/annual/", reports.annual_report, name="annual-report"),
    path("reports/<slug:code>/", reports.report_detail, name="report"),
    path("reports/<slug:code>/fill/", reports.report_fill, name="report-fill"),
    path("reports/<slug:code>/paper/", reports.report_paper, name="report-paper"),
    path("editions/", editions.edition_list, name="editions"),
    path("editions/<int:edition_id>/", editions.edition_detail, name="edition"),
    path("editions/<int:edition_id>/paper/", editions.edition_paper, name="edition-paper"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin-new"),
    path("bulletins/<int:bulletin_id>/", bulletins.bulletin_detail, name="bulletin"),
    path("bulletins/<int:bulletin_id>/write/", bulletins.bulletin_write, name="bulletin-write"),
    path("bulletins/<int:bulletin_id>/issue/", bulletins.bulletin_issue, name="bulletin-issue"),
    path("bulletins/<int:bulletin_id>/paper/", bulletins.bulletin_paper, name="bulletin-paper"),
]
