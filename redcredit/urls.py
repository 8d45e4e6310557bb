"""Where everything is. Each app names its own pages; the root names only its own."""

from django.urls import URLPattern, URLResolver, include, path

from redcredit import invariant_views, organization_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:slug>/", views.guide, name="guide"),
    path("health/", views.health, name="health"),
    path("health/alive/", views.alive, name="alive"),
    path("invariants/", invariant_views.invariants, name="invariants"),
    path("", include("accounts.urls")),
    path("", include("web.urls")),
    path("audit/", include("audit.urls")),
    path("jobs/", include("jobs.urls")),
    path("messages/", include("inbox.urls")),
    path("organizations/<int:organization_id>/move/", organization_views.move, name="organization-move"),
    path("organizations/<int:organization_id>/close/", organization_views.close, name="organization-close"),
    path("organizations/", include("organizations.urls")),
    path("loans/", include("loans.urls")),
    path("public/", include("loans.public_urls")),
    path("risk/", include("risk.urls")),
    path("assessments/", include("assessments.urls")),
    path("subsidies/", include("subsidies.urls")),
    path("figures/", include("dashboards.urls")),
]

handler400 = "web.views.bad_request"
handler403 = "web.views.permission_denied"
handler404 = "web.views.page_not_found"
handler500 = "web.views.server_error"
