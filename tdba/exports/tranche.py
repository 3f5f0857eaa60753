"""What this slice plugs into the application: lists that leave as files."""

from typing import Any

from flask import Flask


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register its screens, jobs and points."""
