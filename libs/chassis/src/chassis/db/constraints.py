"""Find the values that existing check constraints refuse."""

from typing import Final

from sqlalchemy import TextClause, text

# Check constraints of one column; `type` is the column's type in SQL.
CHECKS: Final = text(
    """
    SELECT con.conname AS name, pg_get_expr(con.conbin, con.conrelid) AS condition,
           format_type(att.atttypid, att.atttypmod) AS type
    FROM pg_constraint con
    JOIN pg_attribute att ON att.attrelid = con.conrelid AND con.conkey = ARRAY[att.attnum]
    WHERE con.contype = 'c' AND con.conrelid = to_regclass(:table) AND att.attname = :column
    ORDER BY con.conname
    """
)


def refused_values_query(column: str, *, condition: str, type_: str) -> TextClause:
    """Return a query for the members of `:values`, an array of text, that a condition of `CHECKS` refuses."""
    # A colon in the condition must not become a parameter.
    rendered = condition.replace(":", "\\:")
    return text(
        f"""
        SELECT value
        FROM (
            SELECT value, CAST(value AS {type_}) AS "{column}" FROM unnest(CAST(:values AS text[])) AS value
        ) AS row
        WHERE ({rendered}) IS FALSE
        """  # noqa: S608 - PostgreSQL's own rendering of its constraint
    )
