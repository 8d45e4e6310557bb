"""Asking for the password once more before something weighty."""

from datetime import datetime

from axes.utils import reset
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.models import User
from audit.access import address_of
from audit.choices import Action
from audit.operations import record_sign_in_attempt


def is_own_password(request: HttpRequest, *, user: User, password: str, at: datetime) -> bool:
    """Whether the person who is signed in as `user` knows his password.

    Failures count like those of the sign-in and lock the account. The fifth one is answered by the page of a
    locked account, whatever the view returns.
    """
    username = user.get_username()
    known = authenticate(request, username=username, password=password)
    if isinstance(known, User) and known.pk == user.pk:
        reset(username=username)
        return True
    locked = getattr(request, "axes_locked_out", False)
    action = Action.LOCKED if locked else Action.SIGN_IN_FAILED
    record_sign_in_attempt(action=action, username=username, at=at, address=address_of(request))
    return False
