"""Translates pip's settings (indexes, folders, certificates) into uv's variables, since uv does not read them."""

import ast

# pip's option, and uv's variable for it with the separator of its values.
# The variables of "Environment variables" (uv's documentation) keep a password in an address out of the process list.
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "client-cert": ("SSL_CLIENT_CERT", ""),
    "default-timeout": ("UV_HTTP_TIMEOUT", ""),
    "timeout": ("UV_HTTP_TIMEOUT", ""),
}
# As with pip, any index that has the locked file will do: its hash is known.
ANY_INDEX = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
# Later ones win, as in "Configuration" (pip's documentation).
SECTIONS = ("global", "install", ":env:")


def read_settings(listed: str) -> dict[str, str]:
    """Return pip's options by name, from what `pip config list` prints."""
    by_section: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listed.splitlines():
        key, _, quoted = line.partition("=")
        section, _, option = key.rpartition(".")
        if section in by_section:
            by_section[section][option] = str(ast.literal_eval(quoted))
    return {name: value for section in SECTIONS for name, value in by_section[section].items()}


def as_uv_variables(settings: dict[str, str]) -> dict[str, str]:
    """Return the variables that make uv use what pip is configured to use."""
    variables = dict(ANY_INDEX)
    for option, (variable, separator) in VARIABLES.items():
        if values := settings.get(option, "").split():
            variables[variable] = separator.join(values) if separator else settings[option].strip()
    return variables


def as_uv_options(settings: dict[str, str]) -> list[str]:
    """Return the options for what uv has no variable for."""
    without_index = settings.get("no-index", "").lower() in {"1", "true", "yes", "on", "y", "t"}
    return ["--no-index"] if without_index else []
