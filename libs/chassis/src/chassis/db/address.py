"""Where a service's database is and how to connect: for the pool, the migrations and the relay alike."""

import ssl
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """All that a connection needs."""

    # As SQLAlchemy writes it, with asyncpg as its driver; it holds the password.
    url: str = field(repr=False)
    # As asyncpg takes it: "prefer" encrypts where the server can, and checks nothing.
    tls: ssl.SSLContext | Literal["disable", "prefer"] = "prefer"

    @property
    def dsn(self) -> str:
        """The URL as asyncpg itself, without SQLAlchemy, takes it."""
        return self.url.replace("postgresql+asyncpg://", "postgresql://", 1)
