"""Visibility as SQL conditions: a principal who sees everything sees each row, all others see their own.

A service says which rows are a user's own, by a condition on `USER_ID`. Statements take the parameters of
`visibility`.
"""

from typing import Final

from sqlalchemy import Boolean, ColumnElement, Uuid, bindparam, or_

from chassis.principal import Principal

USER_ID: Final = bindparam("user_id", type_=Uuid)
_SEES_EVERYTHING: Final = bindparam("sees_everything", type_=Boolean)


def visible(is_own: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for one row. A row that does not fulfil it is answered like a missing one.

    Lists use `is_own` alone, or no condition, depending on `Principal.sees_everything`: with the choice in a
    parameter, PostgreSQL could settle on one plan for both kinds of users, which suits neither.
    """
    return or_(_SEES_EVERYTHING, is_own)


def visibility(principal: Principal) -> dict[str, object]:
    """Return the parameters of `visible` and `USER_ID`."""
    return {"sees_everything": principal.sees_everything, "user_id": principal.user_id}
