from django.urls import path

from dashboards import views
from dashboards.ledger import views as ledger

app_name = "dashboards"

urlpatterns = [
    path("", views.county, name="county"),
    path("loans/", views.loans, name="loans"),
    path("background/", views.background, name="background"),
    path("published/", views.published, name="published"),
    path("published/new/", ledger.publication_new, name="publication-new"),
    path("published/<int:publication_id>/", ledger.publication, name="publication"),
    path("published/<int:publication_id>/figures/new/", ledger.figure_new, name="printed-figure-new"),
    path("published/figures/<int:figure_id>/explain/", ledger.figure_explain, name="figure-explain"),
    path("published/figures/<int:figure_id>/withdraw/", ledger.figure_withdraw, name="figure-withdraw"),
]
