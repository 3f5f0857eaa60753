"""The database as it is: locks, grants, keys. Read in the catalogue, not in the source."""

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba.db import Base
from tdba.tranches import ORDRE

# Every model, whatever the other tests import: a table that is not known here would not be checked.
for module in (
    "courriels",
    "fichiers",
    "installation",
    "jobs",
    "journal",
    "effectifs.models_gestes",
    *(f"{nom}.models" for nom in ORDRE),
):
    import_module(f"tdba.{module}")

PERSONNELLES = sorted(t.name for t in Base.metadata.tables.values() if t.info.get("personnelle"))
assert len(PERSONNELLES) > 10
PAR_PERSONNE = {"demande", "demande_message", "export", "export_bloc"}
"""Requests to support and exports belong to who made them: their access key is a person."""
COUPLES = {"doublon": "autre_organisme_id", "fusion": "absorbe_organisme_id"}
"""A pair of records is reached by who reaches both establishments: the other one’s column."""
CONDITION = (
    "(organisme_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('{}'::text, true), ''::text), ','::text))"
    "::integer[] AS string_to_array)::integer[]))"
)
DROITS = """
SELECT c.relname, a.privilege_type
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE r.rolname = %(l)s"""
LECTURE = CONDITION.format("tdba.organismes")
ECRITURE = CONDITION.format("tdba.organismes_ecriture")
SUIVI = CONDITION.format("tdba.organismes_suivi")
"""Steps, and what is left to settle, are read by a network only when their CFA shares them (decision 26)."""
LECTURES = {
    "demarche": SUIVI,
    "point": SUIVI,
    "anomalie_tue": SUIVI,
    "circonstance": SUIVI,
    "formalite": SUIVI,
    "vigilance_geste": SUIVI,
    "poste": SUIVI,
    "liaison": SUIVI,
    "sifa_fiche": ECRITURE,
}
"""Tables read more narrowly than effectifs; answers to SIFA, by those who correct (decision 16)."""


@pytest.fixture
def lien(session: Session, connexion: Connection) -> Connection:
    connexion.exec_driver_sql("RESET ROLE")
    return connexion


def test_le_schema_migre_est_celui_des_modeles(lien: Connection) -> None:
    contexte = MigrationContext.configure(lien, opts={"compare_type": True})
    assert compare_metadata(contexte, Base.metadata) == []


@pytest.mark.parametrize("table", PERSONNELLES)
def test_une_table_personnelle_force_la_securite_de_lignes(lien: Connection, table: str) -> None:
    active, forcee = lien.exec_driver_sql(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %(t)s", {"t": table}
    ).one()
    assert active
    assert forcee


@pytest.mark.parametrize("table", PERSONNELLES)
def test_une_seule_politique_par_table_role_et_commande(lien: Connection, table: str) -> None:
    """But for raw lines, read by who sent them and by whom they are about (decision 15)."""
    lignes = lien.exec_driver_sql(
        "SELECT unnest(roles)::text, cmd, count(*) FROM pg_policies WHERE tablename = %(t)s GROUP BY 1, 2",
        {"t": table},
    ).all()
    doubles = [(role, commande) for role, commande, n in lignes if n > 1]
    assert doubles == ([("tdba_famille", "SELECT")] if table == "ligne" else [])
    assert {role for role, commande, _ in lignes if commande == "ALL"} == {
        "tdba_national",
        "tdba_proprietaire",
    }


@pytest.mark.parametrize("table", sorted(set(PERSONNELLES) - PAR_PERSONNE - {"ligne"}))
def test_la_condition_d_une_famille_est_la_forme_mesuree(lien: Connection, table: str) -> None:
    """The scalar sub-select is an InitPlan; no function, no OR, no join (style of the policies, decision 23)."""
    for commande, condition, controle in lien.exec_driver_sql(
        "SELECT cmd, qual, with_check FROM pg_policies WHERE tablename = %(t)s AND 'tdba_famille' = ANY(roles)",
        {"t": table},
    ):
        lue = LECTURES.get(table, LECTURE)
        voulue = lue if commande == "SELECT" else ECRITURE
        if table in COUPLES:
            voulue = f"({voulue} AND {voulue.replace('organisme_id', COUPLES[table], 1)})"
        assert condition in (None, voulue)
        assert controle in (None, voulue)


def test_le_territoire_lit_les_effectifs_de_ses_statuts_et_rien_d_autre(lien: Connection) -> None:
    droits = lien.exec_driver_sql(
        DROITS + " AND c.relname = ANY(%(t)s)",
        {"l": "tdba_territoire", "t": sorted(set(PERSONNELLES) - PAR_PERSONNE)},
    ).all()
    assert [tuple(d) for d in droits] == [("effectif", "SELECT")]
    colonnes = lien.exec_driver_sql(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute, aclexplode(attacl) a"
        " JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = 'tdba_territoire' ORDER BY 1, 2"
    ).all()
    lues = ("au", "du", "effectif_id", "motif", "organisme_id", "rang", "statut")
    assert [tuple(c) for c in colonnes] == [("periode", nom) for nom in lues]
    (condition,) = lien.exec_driver_sql(
        "SELECT qual FROM pg_policies WHERE policyname = 'effectif_territoire_select'"
    ).one()
    assert "width_bucket" in condition
    assert "ARRAY[1, 3, 4]" in condition


def test_les_connexions_n_ont_aucun_droit_par_elles_memes(lien: Connection) -> None:
    """A login that forgets to take a role reads nothing."""
    for login in ("tdba_web", "tdba_worker"):
        droits = lien.exec_driver_sql(f"SELECT count(*) FROM ({DROITS}) droits", {"l": login}).scalar_one()
        attributs = lien.exec_driver_sql(
            "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %(l)s",
            {"l": login},
        ).one()
        possessions = lien.exec_driver_sql(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %(l)s",
            {"l": login},
        ).scalar_one()
        assert (droits, tuple(attributs), possessions) == (0, (False,) * 5, 0)


def test_les_cles_etrangeres_entre_tables_personnelles_portent_l_organisme(lien: Connection) -> None:
    """Foreign keys ignore row-level security: only a composite key keeps a child in its parent's organisme."""
    fautives = []
    for table in Base.metadata.tables.values():
        for contrainte in table.foreign_key_constraints:
            cible = contrainte.referred_table
            deux = table.info.get("personnelle") and cible.info.get("personnelle")
            concernees = deux and not {table.name, cible.name} & PAR_PERSONNE
            porte = any(cle.column.name == "organisme_id" for cle in contrainte.elements)
            composite = porte and contrainte.onupdate == "CASCADE"
            if concernees and not composite:
                fautives.append(f"{table.name} → {cible.name}")
    assert fautives == []


def test_l_unicite_d_une_table_personnelle_n_apprend_rien_des_autres() -> None:
    """Unique keys include the organisme, or are random or our own ids: they reveal nobody's existence."""
    permises = {"uuid", "cle_formulaire", "transmission_id", "effectif_id", "fichier_id", "id"}
    fautives = []
    for nom in PERSONNELLES:
        for contrainte in Base.metadata.tables[nom].constraints:
            colonnes = {c.name for c in getattr(contrainte, "columns", ())}
            if type(contrainte).__name__ == "UniqueConstraint" and not colonnes & (
                permises | {"organisme_id"}
            ):
                fautives.append(f"{nom}: {sorted(colonnes)}")
    assert fautives == []


def test_aucune_relation_ne_charge_en_secret() -> None:
    """Models declare no relationship: every read is a statement that the scope can see."""
    assert [m.class_.__name__ for m in Base.registry.mappers if m.relationships] == []


def test_aucun_index_ne_couvre_le_parcours(lien: Connection) -> None:
    """A recomputation writes bornes and statuts in place: an index on them would make it ten times slower."""
    index = (
        lien.exec_driver_sql("SELECT indexdef FROM pg_indexes WHERE tablename = 'effectif'").scalars().all()
    )
    colonnes = ("bornes", "statuts", "empreinte_parcours", "anomalies")
    assert [i for i in index if any(c in i for c in colonnes)] == []
