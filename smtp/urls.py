"""The names by which other pages point at settings, attempts and notices."""

from django.urls import path

from smtp import attempt_views, explain_views, notice_views, views

app_name = "smtp"
urlpatterns = [
    path("providers/", views.catalogue_list, name="providers"),
    path("providers/<slug:slug>/", views.provider, name="provider"),
    path("tenants/<slug:slug>/settings/new/", views.add, name="add"),
    path("settings/preset/", views.preset, name="preset"),
    path("settings/<int:pk>/", views.setting, name="setting"),
    path("settings/<int:pk>/edit/", views.edit, name="edit"),
    path("settings/<int:pk>/delete/", views.delete, name="delete"),
    path("settings/<int:pk>/enabled/", views.toggle, name="toggle"),
    path("settings/<int:pk>/try/", views.try_connection, name="try"),
    path("settings/<int:pk>/send/", views.send, name="send"),
    path("explain/", explain_views.explain, name="explain"),
    path("attempts/", attempt_views.attempts, name="attempts"),
    path("attempts/<int:pk>/", attempt_views.attempt, name="attempt"),
    path("attempts/<int:pk>/correct/", attempt_views.correct, name="correct"),
    path("attempts/<int:pk>/attempt.json", attempt_views.attempt_json, name="attempt_json"),
    path("attempts/<int:pk>/live/", attempt_views.attempt_live, name="attempt_live"),
    path("notices/", notice_views.notices, name="notices"),
    path("tenants/<slug:slug>/notices/", notice_views.notices_of, name="notices_of"),
    path("tenants/<slug:slug>/notices/mine/", notice_views.mine, name="notices_mine"),
    path("tenants/<slug:slug>/notices/quiet/", notice_views.quiet_hours, name="quiet_hours"),
    path("tenants/<slug:slug>/notices/test/", notice_views.test_notice, name="test_notice"),
    path("tenants/<slug:slug>/webhooks/new/", notice_views.add_webhook, name="add_webhook"),
    path("webhooks/<int:pk>/", notice_views.webhook, name="webhook"),
    path("webhooks/<int:pk>/remove/", notice_views.remove_webhook, name="remove_webhook"),
]
