"""The map of the house: log-in, admin, and the pages of each app."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from config.session import LogIn

admin.autodiscover()

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("admin/", admin.site.urls),
    path("", include("dnscheck.urls")),  # before a tenant's page: tenants/new/ is one of its own
    path("", include("smtp.urls")),
    path("", include("tenants.urls")),
]
