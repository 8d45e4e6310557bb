from django.urls import path

from accounts.views import accounts, handing_over, personal, posts, sign_in

app_name = "accounts"

urlpatterns = [
    path("login/", sign_in.sign_in, name="login"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("language/", sign_in.set_language, name="language"),
    path("password/", personal.password, name="password"),
    path("preferences/", personal.preferences, name="preferences"),
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/open/", accounts.account_open, name="account-open"),
    path("accounts/<int:user_id>/", accounts.account_detail, name="account-detail"),
    path("accounts/<int:user_id>/close/", accounts.account_close, name="account-close"),
    path("accounts/<int:user_id>/reopen/", accounts.account_reopen, name="account-reopen"),
    path("accounts/<int:user_id>/reset-password/", accounts.account_reset, name="account-reset"),
    path("accounts/<int:user_id>/unlock/", accounts.account_unlock, name="account-unlock"),
    path("posts/", posts.post_list, name="post-list"),
    path("posts/appoint/", posts.appoint, name="appoint"),
    path("posts/<int:post_id>/dismiss/", posts.dismiss, name="dismiss"),
    path("posts/<int:post_id>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("posts/<int:post_id>/delegate/", handing_over.delegate, name="delegate"),
]
