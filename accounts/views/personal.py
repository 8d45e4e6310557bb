"""What a person sets for himself: password, language, colours."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import operations
from accounts.forms import OwnPasswordForm, PreferencesForm
from accounts.views.sign_in import keep_language, keep_theme
from audit.access import SignedInRequest
from web import clock
from web.middleware import chosen_language


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    """Change one's own password. Other sessions of the account end, this one goes on."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.change_own_password(
            user=request.user, password=form.cleaned_data["new_password1"], changed_at=clock.now()
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed."))
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form, "is_forced": request.user.must_change_password})


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """How the pages look and speak."""
    initial = {
        "language": chosen_language(request),
        "theme": request.user.theme,
        "large_text": request.user.large_text,
    }
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.set_preferences(user=request.user, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Your settings have been saved."))
        response = redirect("accounts:preferences")
        keep_language(response, form.cleaned_data["language"])
        keep_theme(response, form.cleaned_data["theme"])
        return response
    posts = request.user.posts_in_force(clock.today())
    return render(request, "accounts/preferences.html", {"form": form, "posts": posts})
