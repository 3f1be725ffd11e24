"""The lock: the only module that holds keys. Seals a password to the place it is meant for.

The column is encrypted (Fernet), and inside it lies an envelope that names the tenant, host,
port, security and user name the password belongs to. Fernet has no associated data, so without
the envelope a ciphertext copied to another row, or a setting pointed at another server, would
still work.
"""

import hmac
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import fernet_fields
from cryptography.fernet import InvalidToken
from django.core.exceptions import FieldError
from django.db.models import Case, Model, TextField, Value
from django.db.models.functions import Cast

if TYPE_CHECKING:
    EncryptedBase = TextField[str, str]
else:
    EncryptedBase = fernet_fields.EncryptedTextField

ENVELOPE_VERSION = 1


class Binding(NamedTuple):
    """What a password belongs to. A change of any part asks for the password again."""

    tenant: int
    host: str
    port: int
    security: str
    username: str


class Unbound(Exception):
    """The stored password belongs to other values, or cannot be read with the keys at hand."""


class EncryptedTextField(EncryptedBase):
    """A text column that only the keys in `FERNET_KEYS` can read.

    Every fork of the package below encrypts the *text of the SQL expression* on `bulk_update()`,
    and serialises plain text in `dumpdata`; this class does neither.
    """

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Encrypt a plain value; let through the shapes in which `bulk_update()` carries them."""
        if hasattr(value, "as_sql"):
            if isinstance(value, Value) or _is_case_of_values(value):
                return value  # each Value comes back here on its own
            raise FieldError("An encrypted field cannot be set from an expression.")
        return super().get_db_prep_save(value, connection)

    def value_to_string(self, _obj: Model) -> str:
        """Give serialisers nothing: a dump holds no secret."""
        return ""


def _is_case_of_values(expression: Any) -> bool:
    """Whether this is what `bulk_update()` makes; PostgreSQL wants a cast around it."""
    case = expression.get_source_expressions()[0] if isinstance(expression, Cast) else expression
    return isinstance(case, Case) and all(isinstance(when.result, Value) for when in case.cases)


def seal(secret: str, binding: Binding) -> str:
    """Return the envelope to store for this secret; an empty secret has none."""
    return json.dumps([ENVELOPE_VERSION, *binding, secret]) if secret else ""


def unseal(envelope: str, binding: Binding) -> str:
    """Return the secret, or raise `Unbound` if it was sealed to anything else."""
    if not envelope:
        return ""
    version, *bound, secret = json.loads(envelope)
    same = hmac.compare_digest(json.dumps(bound), json.dumps(list(binding)))
    if version != ENVELOPE_VERSION or not same:
        raise Unbound
    return str(secret)


def read(row: Model, field: str) -> str:
    """Return the decrypted column of a row; raise `Unbound` when no key opens it."""
    try:
        return str(getattr(row, field))
    except InvalidToken as error:
        raise Unbound from error
