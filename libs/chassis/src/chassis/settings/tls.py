"""Create an SSLContext for clients from PEM files."""

import ssl
from pathlib import Path


def client_context(
    *, name: str, ca_file: Path | None, certificate_file: Path | None, key_file: Path | None
) -> ssl.SSLContext:
    """Create a context that verifies the server's chain and name, and presents a client certificate if given.

    Without `ca_file` the system's authorities are trusted. The files are read only once.

    Raises:
        ValueError: one sentence that names the setting, with `name` as prefix. It quotes no value, because a
            key may have been set in place of a path.
    """
    if (certificate_file is None) != (key_file is None):
        raise ValueError(f"{name}_certificate_file and {name}_key_file need each other")
    for setting, path in (("ca", ca_file), ("certificate", certificate_file), ("key", key_file)):
        _check_readable(f"{name}_{setting}_file", path)
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise ValueError(f"{name}_ca_file holds no certificates in PEM") from None
    if certificate_file is not None:
        try:
            # Without a password OpenSSL would prompt for a pass phrase on the terminal.
            context.load_cert_chain(certificate_file, key_file, password="")
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise ValueError(f"{name}_key_file is not the key of {name}_certificate_file") from None
            raise ValueError(
                f"{name}_certificate_file and {name}_key_file must hold PEM, the key without a pass phrase"
            ) from None
    return context


def _check_readable(setting: str, path: Path | None) -> None:
    if path is None:
        return
    try:
        path.read_bytes()
    except OSError as error:
        raise ValueError(f"{setting} cannot be read: {error.strerror}") from None
