from uuid import uuid4

import pytest
from chassis.principal import Principal, Role


@pytest.mark.parametrize(
    ("claimed", "role", "sees_everything"),
    [
        (None, Role.JUNIOR_RECRUITER, False),
        ("root", Role.JUNIOR_RECRUITER, False),
        ("junior_recruiter", Role.JUNIOR_RECRUITER, False),
        ("senior_recruiter", Role.SENIOR_RECRUITER, True),
        ("admin", Role.ADMIN, True),
    ],
)
def test_missing_or_unknown_role_is_the_least_privileged(
    claimed: str | None, role: Role, *, sees_everything: bool
) -> None:
    principal = Principal.of(user_id=uuid4(), role=claimed)
    assert principal.role is role
    assert principal.sees_everything is sees_everything
