"""The names by which other pages point at settings, attempts and notices."""

from django.urls import path

from smtp.views import attempts, explain, notices, settings

app_name = "smtp"
urlpatterns = [
    path("providers/", settings.catalogue_list, name="providers"),
    path("providers/<slug:slug>/", settings.provider, name="provider"),
    path("tenants/<slug:slug>/settings/new/", settings.add, name="add"),
    path("tenants/<slug:slug>/settings/try/", settings.try_all, name="try_all"),
    path("settings/preset/", settings.preset, name="preset"),
    path("settings/<int:pk>/", settings.setting, name="setting"),
    path("settings/<int:pk>/edit/", settings.edit, name="edit"),
    path("settings/<int:pk>/delete/", settings.delete, name="delete"),
    path("settings/<int:pk>/enabled/", settings.toggle, name="toggle"),
    path("settings/<int:pk>/try/", settings.try_connection, name="try"),
    path("settings/<int:pk>/send/", settings.send, name="send"),
    path("explain/", explain.explain, name="explain"),
    path("attempts/", attempts.attempts, name="attempts"),
    path("attempts/<int:pk>/", attempts.attempt, name="attempt"),
    path("attempts/<int:pk>/correct/", attempts.correct, name="correct"),
    path("attempts/<int:pk>/attempt.json", attempts.attempt_json, name="attempt_json"),
    path("attempts/<int:pk>/live/", attempts.attempt_live, name="attempt_live"),
    path("notices/", notices.notices, name="notices"),
    path("tenants/<slug:slug>/notices/", notices.notices_of, name="notices_of"),
    path("tenants/<slug:slug>/notices/mine/", notices.mine, name="notices_mine"),
    path("tenants/<slug:slug>/notices/quiet/", notices.quiet_hours, name="quiet_hours"),
    path("tenants/<slug:slug>/notices/test/", notices.test_notice, name="test_notice"),
    path("tenants/<slug:slug>/webhooks/new/", notices.add_webhook, name="add_webhook"),
    path("webhooks/<int:pk>/", notices.webhook, name="webhook"),
    path("webhooks/<int:pk>/remove/", notices.remove_webhook, name="remove_webhook"),
]
