"""The pages of notices: who sees what, and how a tenant chooses to be told."""

import datetime as dt
import re
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from smtp.models import Attempt, Call, CallState, Kind, Letter, LetterState, SmtpSetting, Webhook
from tenants.models import Membership, Notice, Tenant, Topic
from tenants.notices import Change, tell
from tests.factories import make_attempt, make_setting, make_user

pytestmark = pytest.mark.django_db

PAGE = "/tenants/acme/notices/"
HOUR = dt.timedelta(hours=1)
EVERYBODY = ("owner", "editor", "viewer", "staff", "stranger")


def happens(tenant: Tenant | None, **fields: Any) -> Notice:
    """Tell that something fails, and return the notice."""
    values: dict[str, Any] = {
        "cause": "password-refused",
        "subject": "Main",
        "title": "Main fails.",
        "text": "The server refused the password.",
        "path": "/settings/1/",
        "now": timezone.now(),
    }
    tell(tenant, fields.pop("topic", Topic.SETTING_FAILING), **{**values, **fields})
    return Notice.objects.latest("pk")


def log_in(client: Client, request: pytest.FixtureRequest, who: str) -> User:
    """Log one of the people in."""
    person: User = request.getfixturevalue(who)
    client.force_login(person)
    return person


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_tenant_sees_its_own_notices(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str
) -> None:
    """Members and operators see them, others are told that there is no such page."""
    happens(tenant)
    happens(None, title="Only operators may know.")
    log_in(client, request, who)
    answer = client.get(PAGE)
    assert answer.status_code == (404 if who == "stranger" else 200)
    assert ("Main fails." in answer.content.decode()) is (who != "stranger")
    assert "Only operators" not in answer.content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_operators_have_a_page_of_their_own(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str
) -> None:
    """It has what belongs to no tenant."""
    happens(tenant)
    happens(None, title="Only operators may know.")
    log_in(client, request, who)
    answer = client.get("/notices/")
    assert answer.status_code == (200 if who == "staff" else 404)
    assert ("Only operators" in answer.content.decode()) is (who == "staff")
    assert "Main fails." not in answer.content.decode()


def webhook_of(tenant: Tenant) -> Webhook:
    """Make a webhook."""
    webhook = Webhook(tenant=tenant, url="https://hooks.example.com/acme")
    webhook.set_secret("CANARY-secret")
    webhook.save()
    return webhook


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/tenants/acme/notices/quiet/", {"owner", "editor", "staff"}),
        ("/tenants/acme/notices/test/", {"owner", "editor", "staff"}),
        ("/tenants/acme/notices/mine/", {"owner", "editor"}),
        ("/tenants/acme/webhooks/new/", {"owner", "staff"}),
        ("/webhooks/{pk}/remove/", {"owner", "staff"}),
    ],
)
@pytest.mark.parametrize("who", EVERYBODY)
def test_each_change_is_for_those_it_concerns(
    client: Client,
    tenant: Tenant,
    request: pytest.FixtureRequest,
    path: str,
    allowed: set[str],
    who: str,
) -> None:
    """For everybody else there is no such page."""
    webhook = webhook_of(tenant)
    log_in(client, request, who)
    if path.startswith("/webhooks/"):
        assert (client.get(f"/webhooks/{webhook.pk}/").status_code != 404) is (who in allowed)
    answer = client.post(path.format(pk=webhook.pk))
    assert (answer.status_code != 404) is (who in allowed)


@pytest.mark.parametrize("path", ["quiet/", "test/", "mine/"])
def test_looking_changes_nothing(client: Client, tenant: Tenant, owner: User, path: str) -> None:
    """What changes something is a POST."""
    client.force_login(owner)
    assert client.get(PAGE + path).status_code == 405
    assert not tenant.notices.exists()


def test_one_can_switch_ones_own_mails_off_and_on(
    client: Client, tenant: Tenant, owner: User, editor: User
) -> None:
    """Nobody else's mails are concerned."""
    make_setting(enabled=True, sends_notices=True)
    client.force_login(editor)
    assert "What happens is mailed to edith@example.com." in client.get(PAGE).content.decode()
    client.post(f"{PAGE}mine/", {"notified": "off"})
    wanted = Membership.objects.filter(notified=True)
    assert not wanted.filter(user=editor).exists()
    assert wanted.filter(user=owner).exists()
    assert "You get no mails" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}mine/", {"notified": "on"})
    assert wanted.filter(user=editor).exists()


def test_quiet_hours_are_saved_with_their_zone(client: Client, tenant: Tenant, owner: User) -> None:
    """And they can be taken away again."""
    client.force_login(owner)
    typed = {"quiet_from": "22:00", "quiet_to": "07:00", "quiet_zone": "Europe/Berlin"}
    assert client.post(f"{PAGE}quiet/", typed).status_code == 302
    tenant.refresh_from_db()
    assert [str(tenant.quiet_from), str(tenant.quiet_to)] == ["22:00:00", "07:00:00"]
    assert tenant.quiet_zone == "Europe/Berlin"
    client.post(f"{PAGE}quiet/", {**typed, "quiet_from": "", "quiet_to": ""})
    tenant.refresh_from_db()
    assert (tenant.quiet_from, tenant.quiet_to) == (None, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quiet_to": ""}, "Enter both times, or none"),
        ({"quiet_to": "22:00"}, "From and until are the same."),
        ({"quiet_zone": "Berlin"}, "There is no such time zone."),
        ({"quiet_from": "midnight"}, "Enter a valid time."),
    ],
)
def test_wrong_quiet_hours_are_explained(
    client: Client, tenant: Tenant, owner: User, typed: dict[str, str], said: str
) -> None:
    """The page comes back with the sentence, and nothing is stored."""
    client.force_login(owner)
    good = {"quiet_from": "22:00", "quiet_to": "07:00", "quiet_zone": "UTC"}
    answer = client.post(f"{PAGE}quiet/", {**good, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    tenant.refresh_from_db()
    assert tenant.quiet_from is None


def test_a_test_notice_is_told_as_any_other_once_a_minute(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """It waits for nothing; a second click is told to wait."""
    client.force_login(editor)
    client.post(f"{PAGE}test/")
    text = client.post(f"{PAGE}test/", follow=True).content.decode()
    assert "A test notice is on its way." in text
    assert "This is a test notice." in text
    notice = tenant.notices.get()
    assert notice.mail_after <= timezone.now()


def said_after_a_test(client: Client, person: User) -> str:
    """Ask for a test notice, and return what the page says of it."""
    client.force_login(person)
    answer = client.post(f"{PAGE}test/", follow=True)
    [message] = answer.context["messages"]
    return f"{message.level_tag}: {message}"


WRITTEN = "The test notice was written. "


def test_without_a_way_to_mail_a_test_says_where_to_choose_one(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """With a webhook somebody hears of it; without one nobody does."""
    none = "No mail goes out: operators choose the setting for it in the admin, by the mark "
    said = said_after_a_test(client, owner)
    assert said.startswith(f"warning: {WRITTEN}{none}")
    assert said.endswith("So nobody hears of it: it stands on this page alone.")
    Notice.objects.all().delete()
    webhook_of(tenant)
    said = said_after_a_test(client, owner)
    assert said.startswith(f"warning: {WRITTEN}{none}")
    assert said.endswith("One webhook is called within seconds.")


def test_a_test_says_that_mails_follow(client: Client, tenant: Tenant, owner: User) -> None:
    """And to how many people."""
    make_setting(enabled=True, sends_notices=True)
    said = said_after_a_test(client, owner)
    assert said == f"success: {WRITTEN}Mails to 2 people follow within seconds."


def test_a_test_in_quiet_hours_says_when_its_mails_follow(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """In the time of the tenant."""
    make_setting(enabled=True, sends_notices=True)
    now = timezone.now().astimezone(ZoneInfo("Asia/Tokyo"))
    begin, end = now - HOUR, now + HOUR
    Tenant.objects.filter(pk=tenant.pk).update(
        quiet_from=begin.time(), quiet_to=end.time(), quiet_zone="Asia/Tokyo"
    )
    said = said_after_a_test(client, owner)
    wait = f"The quiet hours last until {end:%H:%M} (Asia/Tokyo); the mails wait for their end."
    assert said == f"warning: {WRITTEN}{wait}"


def test_a_test_that_nobody_receives_says_so(client: Client, tenant: Tenant, staff: User) -> None:
    """Nobody who wants mails is left."""
    make_setting(enabled=True, sends_notices=True)
    Membership.objects.update(notified=False)
    said = said_after_a_test(client, staff)
    assert said == (
        f"warning: {WRITTEN}No mail goes out: no owner or editor has an e-mail address and wants "
        "mails. So nobody hears of it: it stands on this page alone."
    )


def test_a_secret_is_shown_once(client: Client, tenant: Tenant, owner: User) -> None:
    """The page after adding has it and is not kept by anybody; no other page has it."""
    client.force_login(owner)
    answer = client.post("/tenants/acme/webhooks/new/", {"url": "https://hooks.example.com/x"})
    webhook = Webhook.objects.get()
    secret = webhook.open_secret()
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    for page in (PAGE, f"/webhooks/{webhook.pk}/", f"/webhooks/{webhook.pk}/remove/"):
        assert secret not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/", "http://hooks.example.com/", "https://localhost/", ""]
)
def test_a_wrong_address_is_explained(
    client: Client, tenant: Tenant, owner: User, url: str
) -> None:
    """The page comes back with the sentence, and nothing is stored."""
    client.force_login(owner)
    answer = client.post("/tenants/acme/webhooks/new/", {"url": url})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_a_webhook_is_removed_after_a_question(client: Client, tenant: Tenant, owner: User) -> None:
    """Asking alone removes nothing."""
    webhook = webhook_of(tenant)
    client.force_login(owner)
    assert "called no more" in client.get(f"/webhooks/{webhook.pk}/remove/").content.decode()
    assert Webhook.objects.exists()
    client.post(f"/webhooks/{webhook.pk}/remove/")
    assert not Webhook.objects.exists()


def test_calls_are_told_with_what_came_of_them(client: Client, tenant: Tenant, owner: User) -> None:
    """Status or failure, the begin of the answer as text, and that it was given up."""
    webhook = webhook_of(tenant)
    Call.objects.create(
        webhook=webhook,
        batch=uuid.uuid4(),
        body='{"a": "hidden body"}',
        state=CallState.GIVEN_UP,
        tries=13,
        status=500,
        failure="The server answered 500 instead of 200.",
        excerpt="<script>alert(1)</script>",
        tried_at=timezone.now(),
    )
    client.force_login(owner)
    text = client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert "The server answered 500 instead of 200." in text
    assert "&lt;script&gt;alert(1)" in text
    assert "hidden body" not in text
    assert "one call was given up" in client.get(PAGE).content.decode()


def test_markup_in_a_notice_is_text(client: Client, tenant: Tenant, owner: User) -> None:
    """Names and values are shown, never run."""
    evil = "<script>alert(1)</script>"
    change = Change(evil, evil, evil, evil)
    happens(tenant, subject=evil, title=evil, text=f"{evil}\n{evil}", changes=[change])
    client.force_login(owner)
    text = client.get(PAGE).content.decode()
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 7


def test_notices_are_filtered_by_topic(client: Client, tenant: Tenant, owner: User) -> None:
    """A topic nobody knows shows everything."""
    happens(tenant)
    happens(tenant, topic=Topic.DOMAIN_FAILING, title="a.example fails.")
    client.force_login(owner)
    text = client.get(f"{PAGE}?topic=domain.failing").content.decode()
    assert "a.example fails." in text
    assert "Main fails." not in text
    assert "Nothing of this kind" in client.get(f"{PAGE}?topic=incident.ended").content.decode()
    assert "Main fails." in client.get(f"{PAGE}?topic=nonsense").content.decode()


def mailed(tenant: Tenant, way: SmtpSetting) -> None:
    """Make a notice with one mail that was sent and one that was given up."""
    notice, batch = happens(tenant), uuid.uuid4()
    Notice.objects.filter(pk=notice.pk).update(mail_batch=batch)
    refused = make_attempt(
        way,
        kind=Kind.NOTICE,
        recipient="olga@example.com",
        succeeded=False,
        cause="The recipient is unknown.",
    )
    values = {"tenant": tenant, "batch": batch, "recipient": "x@example.com"}
    Letter.objects.create(**values, state=LetterState.SENT)
    Letter.objects.create(**values, state=LetterState.GIVEN_UP, attempt=refused)


@pytest.mark.parametrize("who", ["viewer", "staff"])
def test_what_became_of_the_mails_is_told(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str
) -> None:
    """Members see the numbers, operators also why; no address is shown to anybody."""
    mailed(tenant, make_setting())
    log_in(client, request, who)
    text = client.get(PAGE).content.decode()
    assert re.search(r"Mails: 1 given up, 1 sent", text)
    assert ("The recipient is unknown." in text) is (who == "staff")
    assert (f"/attempts/{Attempt.objects.get().pk}/" in text) is (who == "staff")
    assert "x@example.com" not in text


def test_members_of_the_sending_tenant_do_not_see_whom_others_mails_went_to(
    client: Client, tenant: Tenant, stranger: User
) -> None:
    """Attempts of notices are for operators, whichever tenant's setting sends them."""
    way = make_setting(Tenant.objects.get(name="Elsewhere"), sends_notices=True)
    mailed(tenant, way)
    attempt = Attempt.objects.get()
    client.force_login(stranger)
    assert "olga@example.com" not in client.get("/attempts/").content.decode()
    assert "olga@example.com" not in client.get(way.get_absolute_url()).content.decode()
    assert client.get(attempt.get_absolute_url()).status_code == 404


def test_a_full_page_asks_no_more_than_a_short_one(
    client: Client, tenant: Tenant, staff: User
) -> None:
    """The number of queries does not grow with notices, mails and webhooks."""
    client.force_login(staff)
    way = make_setting()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    mailed(tenant, way)
    webhook_of(tenant)
    few = queries()
    for number in range(60):
        mailed(tenant, way)
        Webhook.objects.create(tenant=tenant, url=f"https://a.example/{number}")
    assert queries() == few
    assert len(client.get(PAGE).context["rows"]) == 50
    assert len(client.get(f"{PAGE}?page=2").context["rows"]) == 11


@pytest.mark.parametrize(("who", "said"), [("owner", "have not chosen"), ("staff", "mark it")])
def test_without_a_way_to_mail_the_pages_say_so(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str, said: str
) -> None:
    """Operators are led to what mends it; with a marked setting nothing is said."""
    log_in(client, request, who)
    assert said in client.get(PAGE).content.decode()
    make_setting(enabled=True, sends_notices=True)
    assert said not in client.get(PAGE).content.decode()


def test_the_overview_tells_operators_that_nothing_is_mailed(
    client: Client, tenant: Tenant, staff: User, owner: User
) -> None:
    """Once, with the way to mend it; and to nobody else."""
    client.force_login(owner)
    assert "Notices are shown on pages only" not in client.get("/").content.decode()
    client.force_login(staff)
    assert client.get("/").content.decode().count("Notices are shown on pages only") == 1
    make_setting(enabled=True, sends_notices=True)
    assert "Notices are shown on pages only" not in client.get("/").content.decode()


def test_the_pages_lead_to_the_notices(
    client: Client, tenant: Tenant, staff: User, viewer: User
) -> None:
    """The tenant's page to its own, the overview to the operators'."""
    client.force_login(viewer)
    assert f'href="{PAGE}"' in client.get("/tenants/acme/").content.decode()
    assert 'href="/notices/"' not in client.get("/").content.decode()
    client.force_login(staff)
    assert 'href="/notices/"' in client.get("/").content.decode()


def test_nothing_inline_is_on_the_pages(client: Client, tenant: Tenant, owner: User) -> None:
    """The policy forbids inline scripts and styles, so the pages have none."""
    webhook = webhook_of(tenant)
    happens(tenant)
    client.force_login(owner)
    for page in (PAGE, f"/webhooks/{webhook.pk}/", f"/webhooks/{webhook.pk}/remove/"):
        text = client.get(page).content.decode()
        assert " style=" not in text
        assert text.count("<script") == text.count("<script src=")


# --- In the admin -----------------------------------------------------------------------------


def test_operators_mark_one_setting(client: Client, staff: User) -> None:
    """A second mark is refused with a sentence; the tenants' form has no such field."""
    setting = make_setting(enabled=True, host="smtp.example.com", port=587, security="starttls")
    make_setting(sends_notices=True)
    client.force_login(staff)
    path = f"/admin/smtp/smtpsetting/{setting.pk}/change/"
    names = ("name", "provider", "host", "port", "security", "username", "login", "from_address")
    typed = {name: getattr(setting, name) for name in (*names, "priority")}
    answer = client.post(path, {**typed, "enabled": "on", "sends_notices": "on"})
    assert "Another setting sends the notices already." in answer.content.decode()
    SmtpSetting.objects.filter(sends_notices=True).update(sends_notices=False)
    assert client.post(path, {**typed, "sends_notices": "on"}).status_code == 302
    setting.refresh_from_db()
    assert setting.sends_notices
    assert "sends_notices" not in client.get(f"/settings/{setting.pk}/edit/").content.decode()


def test_notices_in_the_admin_are_to_be_read(client: Client, tenant: Tenant, staff: User) -> None:
    """They cannot be added, changed or deleted; they go with their tenant."""
    notice = happens(tenant)
    client.force_login(staff)
    place = "/admin/tenants/notice/"
    assert b"Main fails." in client.get(place).content
    assert client.get(f"{place}{notice.pk}/change/").status_code == 200
    assert client.post(f"{place}{notice.pk}/change/", {"title": "x"}).status_code == 403
    assert client.get(f"{place}add/").status_code == 403
    assert client.post(f"{place}{notice.pk}/delete/", {"post": "yes"}).status_code == 403
    webhook_of(tenant)
    mailed(tenant, make_setting(tenant))
    gone = client.post(f"/admin/tenants/tenant/{tenant.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not Notice.objects.exists()


def test_the_time_zone_of_the_portal_is_offered(
    client: Client, tenant: Tenant, owner: User, settings: Settings
) -> None:
    """Who chose none yet finds the one the portal is set to."""
    settings.TIME_ZONE = "Europe/Stockholm"
    client.force_login(owner)
    assert 'value="Europe/Stockholm"' in client.get(PAGE).content.decode()


def test_an_account_without_an_address_is_told(client: Client, tenant: Tenant) -> None:
    """The page says why no mail comes."""
    silent = make_user("silent")
    User.objects.filter(pk=silent.pk).update(email="")
    Membership.objects.create(tenant=tenant, user=silent, role="editor")
    client.force_login(silent)
    assert "Your account has no e-mail address" in client.get(PAGE).content.decode()
