"""The database: one extension, one declarative base, the names and types that all models share."""

from datetime import date, datetime
from typing import Annotated, Any, Final, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PERSONNELLE: Final = {"info": {"personnelle": True, "scopee": True}}
"""Table options: rows about apprentices. Two locks: the scope (tripwire) and row-level security."""

SCOPEE: Final = {"info": {"personnelle": False, "scopee": True}}
"""Table options: rows of one organisme without any person (counts, keys). The scope alone applies."""


class Base(DeclarativeBase):
    """Parent of every model. Models extend it rather than `db.Model`, so that they need no Flask and are typed."""

    registry = registry(
        metadata=MetaData(naming_convention=CONVENTION),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            date: Date(),
            str: Text(),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

Cle = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
"""Surrogate key in our own URLs (decision 40)."""

CleOrganisme = Annotated[int, mapped_column(Integer, Identity(), primary_key=True)]
"""Key of an organisme: an `int`, because the row policies compare it with an `int[]` (decision 23)."""

OrganismeId = Annotated[int, mapped_column(Integer, ForeignKey("organisme.id"))]
"""Access key of a row: the organisme it belongs to."""

Court = Annotated[int, mapped_column(SmallInteger)]
Grand = Annotated[int, mapped_column(BigInteger)]
Dates = Annotated[list[date], mapped_column(ARRAY(Date))]
Courts = Annotated[list[int], mapped_column(ARRAY(SmallInteger))]
Textes = Annotated[list[str], mapped_column(ARRAY(Text))]


def table_de(modele: type[Base]) -> Table:
    """Return the table of a model, for Core statements that write many rows."""
    return cast(Table, modele.__table__)
