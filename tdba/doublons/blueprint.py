"""The blueprint that the screens of duplicates share."""

from flask import Blueprint

bp = Blueprint("doublons", __name__)
