"""The blueprint that the screens of the effectifs share."""

from flask import Blueprint

bp = Blueprint("effectifs", __name__)
