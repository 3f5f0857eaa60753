"""What this slice plugs into the application."""

from typing import Any

from flask import Flask


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Nothing yet."""
