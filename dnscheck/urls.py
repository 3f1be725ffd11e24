"""The names by which other pages and mails point at domains."""

from django.urls import path

from dnscheck import acknowledge_views, operation_views, received_views, views

app_name = "dnscheck"
urlpatterns = [
    path("domains/", views.domains, name="domains"),
    path("tenants/<slug:slug>/domains/new/", views.add, name="add"),
    path("domains/<int:pk>/", views.domain, name="domain"),
    path("domains/<int:pk>/live/", views.domain_live, name="domain_live"),
    path("domains/<int:pk>/history/", views.domain_history, name="history"),
    path("domains/<int:pk>/acknowledge/", acknowledge_views.acknowledge, name="acknowledge"),
    path("domains/<int:pk>/unacknowledge/", acknowledge_views.unacknowledge, name="unacknowledge"),
    path("domains/<int:pk>/check/", views.check, name="check"),
    path("domains/<int:pk>/host/", views.host, name="host"),
    path("domains/<int:pk>/export/<slug:slug>/", views.export, name="export"),
    path("domains/<int:pk>/delete/", views.delete, name="delete"),
    path("domains/<int:pk>/recipes/new/", views.recipe_add, name="recipe_add"),
    path("recipes/<int:pk>/edit/", views.recipe_edit, name="recipe_edit"),
    path("recipes/<int:pk>/delete/", views.recipe_delete, name="recipe_delete"),
    path("domains/<int:pk>/records/new/", views.record_add, name="record_add"),
    path("records/<int:pk>/delete/", views.record_delete, name="record_delete"),
    path("operation/", operation_views.operation_page, name="operation"),
    path("received/", received_views.received, name="received"),
    path("received/<int:pk>/", received_views.received_mail, name="received_mail"),
    path("received/<int:pk>/live/", received_views.received_live, name="received_live"),
    path("received/<int:pk>/again/", received_views.received_again, name="received_again"),
    path("received/<int:pk>/delete/", received_views.received_delete, name="received_delete"),
]
