"""State: SMTP settings, everything that was tried with them, and what is known of them."""

from smtp.models.attempt import Attempt, Kind, State, outcome_columns
from smtp.models.health import HealthChoice, SettingHealth
from smtp.models.incident import Incident
from smtp.models.letter import LINK, Letter, LetterState
from smtp.models.setting import (
    BOUND_FIELDS,
    DRAFT_FIELDS,
    LoginChoice,
    SecurityChoice,
    SmtpSetting,
)
from smtp.models.webhook import Call, CallState, Webhook

__all__ = [
    "BOUND_FIELDS",
    "DRAFT_FIELDS",
    "LINK",
    "Attempt",
    "Call",
    "CallState",
    "HealthChoice",
    "Incident",
    "Kind",
    "Letter",
    "LetterState",
    "LoginChoice",
    "SecurityChoice",
    "SettingHealth",
    "SmtpSetting",
    "State",
    "Webhook",
    "outcome_columns",
]
