"""State: a tenant's ways out (SmtpSetting) and everything that was tried with them (Attempt)."""

from smtp.models.attempt import Attempt, Kind, State, outcome_columns
from smtp.models.setting import BOUND_FIELDS, LoginChoice, SecurityChoice, SmtpSetting

__all__ = [
    "BOUND_FIELDS",
    "Attempt",
    "Kind",
    "LoginChoice",
    "SecurityChoice",
    "SmtpSetting",
    "State",
    "outcome_columns",
]
