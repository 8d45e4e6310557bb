"""Pages of this app. `locked_out` is named by settings.AXES_LOCKOUT_CALLABLE."""

from accounts.views.sign_in import locked_out

__all__ = ["locked_out"]
