"""The names by which other pages and mails point at domains."""

from django.urls import path

from dnscheck.views import (
    acknowledge,
    beginning,
    domains,
    many,
    operation,
    received,
    search,
    servers,
    sharing,
)

app_name = "dnscheck"
urlpatterns = [
    path("tenants/new/", beginning.begin, name="begin"),
    path("domains/", domains.domains, name="domains"),
    path("domains/many/", many.many, name="many"),
    path("domains/many/delete/", many.delete_many, name="delete_many"),
    path("search/", search.search, name="search"),
    path("tenants/<slug:slug>/domains/new/", domains.add, name="add"),
    path("domains/<int:pk>/", domains.domain, name="domain"),
    path("domains/<int:pk>/live/", domains.domain_live, name="domain_live"),
    path("domains/<int:pk>/history/", domains.domain_history, name="history"),
    path("domains/<int:pk>/acknowledge/", acknowledge.acknowledge, name="acknowledge"),
    path("domains/<int:pk>/unacknowledge/", acknowledge.unacknowledge, name="unacknowledge"),
    path("domains/<int:pk>/servers/", servers.servers, name="servers"),
    path("domains/<int:pk>/servers/live/", servers.servers_live, name="servers_live"),
    path("domains/<int:pk>/servers/ask/", servers.servers_ask, name="servers_ask"),
    path("domains/<int:pk>/check/", domains.check, name="check"),
    path("domains/<int:pk>/host/", domains.host, name="host"),
    path("domains/<int:pk>/export/<slug:slug>/", domains.export, name="export"),
    path("domains/<int:pk>/delete/", domains.delete, name="delete"),
    path("domains/<int:pk>/recipes/new/", domains.recipe_add, name="recipe_add"),
    path("recipes/<int:pk>/edit/", domains.recipe_edit, name="recipe_edit"),
    path("recipes/<int:pk>/delete/", domains.recipe_delete, name="recipe_delete"),
    path("domains/<int:pk>/records/new/", domains.record_add, name="record_add"),
    path("records/<int:pk>/delete/", domains.record_delete, name="record_delete"),
    path("domains/<int:pk>/links/", sharing.shares, name="shares"),
    path("links/<int:pk>/mail/", sharing.share_mail, name="share_mail"),
    path("links/<int:pk>/revoke/", sharing.unshare, name="unshare"),
    path("to-do/<str:token>/", sharing.todo, name="todo"),
    path("to-do/<str:token>/live/", sharing.todo_live, name="todo_live"),
    path("to-do/<str:token>/check/", sharing.todo_check, name="todo_check"),
    path("operation/", operation.operation_page, name="operation"),
    path("received/", received.received, name="received"),
    path("received/<int:pk>/", received.received_mail, name="received_mail"),
    path("received/<int:pk>/live/", received.received_live, name="received_live"),
    path("received/<int:pk>/again/", received.received_again, name="received_again"),
    path("received/<int:pk>/delete/", received.received_delete, name="received_delete"),
]
