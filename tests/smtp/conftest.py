"""What the tests of the mail edge share: one set of certificates a run."""

import pytest

from config.lab.certificates import Certificates, make


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return the laboratory's certificates."""
    return make(tmp_path_factory.mktemp("certificates"))
