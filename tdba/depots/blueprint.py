"""The one blueprint of this slice: its routes stand in several modules."""

from flask import Blueprint

bp = Blueprint("depots", __name__)
