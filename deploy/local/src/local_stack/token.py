"""`make token`: print a bearer token for the stack of `make up`, and nothing else.

With ISSUER_DIR, the folder of another issuer's key, the token is for the system that trusts that issuer.
"""

import os
import sys
import uuid
from pathlib import Path

from local_stack.issuer import DEFAULT_USER, ROLES, Issuer, UnknownRole, has_key
from local_stack.paths import UP
from local_stack.ports import Ports


def main() -> int:
    """Print a token for the environment variables ROLE and USER_ID."""
    issuer_dir = Path(os.environ.get("ISSUER_DIR") or UP / "issuer")
    if not has_key(issuer_dir):
        print(
            "There is no key to sign with, because no stack has run here yet. Run make up first.",
            file=sys.stderr,
        )
        return 1
    try:
        user_id = uuid.UUID(os.environ.get("USER_ID") or str(DEFAULT_USER))
        issuer = Issuer(data_dir=issuer_dir, port=Ports().issuer)
        print(issuer.token(role=os.environ.get("ROLE") or ROLES[0], user_id=user_id))
    except UnknownRole as error:
        print(f"{str(error).capitalize()}.", file=sys.stderr)
        return 1
    except ValueError:
        print("USER_ID must be a UUID.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
