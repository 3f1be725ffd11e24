"""Who is asking: behind the log-in every request has a person, and types may say so."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class PersonalRequest(HttpRequest):
    """A request of somebody who has logged in. Only for annotations."""

    user: User
