"""The second lock (decision 23): roles' rights, row-level security, and an append-only journal.

Each personal table has, for each role and command, exactly one policy. The access key is compared with a scalar
sub-select, which PostgreSQL evaluates once per statement: written inline it would be evaluated for each row.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TOUTES_LES_COMMANDES = "SELECT, INSERT, UPDATE, DELETE"

# What a CFA's own transactions may do besides reading; nothing more is granted.
FAMILLE = {
    "effectif": "SELECT, UPDATE",
    "effectif_source": "SELECT",
    "contrat": "SELECT, UPDATE",
    "periode": "SELECT, INSERT, DELETE",
    "correction": "SELECT, INSERT, UPDATE",
    "dossier": "SELECT, INSERT, UPDATE",
    "demarche": "SELECT, INSERT",
    "fichier": TOUTES_LES_COMMANDES,
    "fichier_bloc": "SELECT, INSERT, DELETE",
}
DEMANDES = {"demande": "personne_id", "demande_message": "demandeur_id"}
PERSONNELLES = (*FAMILLE, "ligne", *DEMANDES)

REFERENCES = (
    "installation, region, academie, departement, commune, organisme, relation_organisme, reseau, "
    "reseau_organisme, certification, organisation, organisation_organisme, habilitation, habilitation_site"
)
TOUS = "tdba_famille, tdba_territoire, tdba_national"


def liste(variable: str) -> str:
    # The outer cast changes nothing but the grammar: without it `= ANY (SELECT …)` compares with rows, not with items.
    return (
        f"ANY((SELECT string_to_array(nullif(current_setting('{variable}', true), ''), ',')::int[])::int[])"
    )


LECTURE = f"organisme_id = {liste('tdba.organismes')}"
ECRITURE = f"organisme_id = {liste('tdba.organismes_ecriture')}"
# INSCRIT, RUPTURANT, ABANDON: what an agent of the State may see by name (domain.md §5.2).
STATUTS_TERRITOIRE = "statuts[width_bucket((SELECT nullif(current_setting('tdba.jour', true), '')::date), bornes)] IN (1, 3, 4)"
PERSONNE = "(SELECT nullif(current_setting('tdba.personne', true), '')::bigint)"


def politique(table: str, role: str, commande: str, condition: str, suffixe: str = "") -> str:
    clauses = {
        "SELECT": f"USING ({condition})",
        "DELETE": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
        "ALL": f"USING ({condition}) WITH CHECK ({condition})",
    }
    nom = f"{table}_{role.removeprefix('tdba_')}_{commande.lower()}{suffixe}"
    return f"CREATE POLICY {nom} ON {table} FOR {commande} TO {role} {clauses[commande]};"


def verrouiller(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        politique(table, "tdba_proprietaire", "ALL", "true"),
        politique(table, "tdba_national", "ALL", "true"),
        f"GRANT {TOUTES_LES_COMMANDES} ON {table} TO tdba_national;",
    ]


def famille(table: str, commandes: str) -> list[str]:
    politiques = [
        politique(table, "tdba_famille", commande, LECTURE if commande == "SELECT" else ECRITURE)
        for commande in commandes.split(", ")
    ]
    return [f"GRANT {commandes} ON {table} TO tdba_famille;", *politiques]


def lignes() -> list[str]:
    """Raw lines: who sent them and whom they are about may read them (decision 15); the sender writes them."""
    transmetteur = LECTURE.replace("organisme_id", "transmetteur_id")
    return [
        "GRANT SELECT, INSERT ON ligne TO tdba_famille;",
        politique("ligne", "tdba_famille", "SELECT", LECTURE, "_organisme"),
        politique("ligne", "tdba_famille", "SELECT", transmetteur, "_transmetteur"),
        politique("ligne", "tdba_famille", "INSERT", ECRITURE.replace("organisme_id", "transmetteur_id")),
    ]


def demandes(table: str, cle: str) -> list[str]:
    sql = []
    for role in ("tdba_famille", "tdba_territoire"):
        for commande in ("SELECT", "INSERT", "UPDATE"):
            sql.append(f"GRANT {commande} ON {table} TO {role};")
            sql.append(politique(table, role, commande, f"{cle} = {PERSONNE}"))
    return sql


AUTRES_DROITS = f"""
GRANT USAGE ON SCHEMA public TO {TOUS};
GRANT SELECT ON alembic_version, {REFERENCES} TO {TOUS};
GRANT {TOUTES_LES_COMMANDES} ON {REFERENCES} TO tdba_national;
GRANT SELECT, INSERT, UPDATE ON personne TO {TOUS};
GRANT {TOUTES_LES_COMMANDES} ON session_web TO {TOUS};
GRANT INSERT ON journal, tache TO {TOUS};
GRANT SELECT ON journal, sceau TO tdba_national;
GRANT INSERT ON sceau TO tdba_national;
GRANT SELECT, UPDATE, DELETE ON tache TO tdba_national;
GRANT SELECT ON travail TO {TOUS};
GRANT INSERT, UPDATE, DELETE ON travail TO tdba_national;
GRANT SELECT, UPDATE ON cle_api TO tdba_famille;
GRANT SELECT ON cle_api, delegation TO {TOUS};
GRANT SELECT ON transmission, reception TO {TOUS};
GRANT INSERT ON transmission, reception TO tdba_famille;
GRANT {TOUTES_LES_COMMANDES} ON cle_api, delegation, transmission, reception TO tdba_national;
GRANT SELECT ON mouvement, mouvement_attente TO {TOUS};
GRANT INSERT ON mouvement, mouvement_attente TO tdba_famille;
GRANT {TOUTES_LES_COMMANDES} ON mouvement, mouvement_attente, ouverture_fiche TO tdba_national;
GRANT SELECT ON effectif TO tdba_territoire;
"""

AJOUT_SEUL = """
CREATE FUNCTION refuser_modification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_ajout_seul BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION refuser_modification();
CREATE TRIGGER sceau_ajout_seul BEFORE UPDATE OR DELETE OR TRUNCATE ON sceau
  FOR EACH STATEMENT EXECUTE FUNCTION refuser_modification();
"""


def upgrade() -> None:
    sql = [ligne for table in PERSONNELLES for ligne in verrouiller(table)]
    sql += [ligne for table, commandes in FAMILLE.items() for ligne in famille(table, commandes)]
    sql += lignes()
    sql += [ligne for table, cle in DEMANDES.items() for ligne in demandes(table, cle)]
    sql.append(politique("effectif", "tdba_territoire", "SELECT", f"{LECTURE} AND {STATUTS_TERRITOIRE}"))
    op.execute("\n".join(sql))
    op.execute(AUTRES_DROITS)
    op.execute(AJOUT_SEUL)


def downgrade() -> None:
    msg = "refused: without 0009 every login would read every row; restore a backup instead"
    raise RuntimeError(msg)
