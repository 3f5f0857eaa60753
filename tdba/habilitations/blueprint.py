"""The one blueprint of this slice: its routes stand in several modules."""

from flask import Blueprint

bp = Blueprint("habilitations", __name__)
