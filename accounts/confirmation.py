"""Asking for the password once more before something weighty."""

from datetime import datetime

from axes.utils import reset
from django.contrib.auth import authenticate

from accounts.models import User
from audit.access import SignedInRequest, address_of
from audit.choices import Action
from audit.operations import record_sign_in_attempt


def is_own_password(request: SignedInRequest, password: str, *, at: datetime) -> bool:
    """Whether the signed-in person knows his password. Failures count like those of the sign-in and lock the account.

    The fifth failure is answered by the page of a locked account, whatever the view returns.
    """
    username = request.user.get_username()
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User) and user.pk == request.user.pk:
        reset(username=username)
        return True
    locked = getattr(request, "axes_locked_out", False)
    action = Action.LOCKED if locked else Action.SIGN_IN_FAILED
    record_sign_in_attempt(action=action, username=username, at=at, address=address_of(request))
    return False
