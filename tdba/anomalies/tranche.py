"""What this slice plugs into the application: checks of records."""

from typing import Any

from flask import Flask


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register its screens, jobs and points."""
