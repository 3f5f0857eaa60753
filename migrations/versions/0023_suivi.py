"""Nobody is lost: files of contracts ended without a next one, circumstances, legal checklist, outcomes, watch list,
help at hand, missions locales and the sealed letters sent to them, morning digests.

What a CFA follows is its own (decision 26): those tables are read within `tdba.organismes_suivi`. A sealed letter holds
no readable value: its content is encrypted with what its reader alone was given (ADR 0024), so any role may open one.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NATURES = (
    "'APPEL', 'MESSAGE', 'ENTRETIEN', 'EMPLOYEUR_TROUVE', 'OFFRES_ENVOYEES', 'CANDIDATURE', 'REPONSE', "
    "'RDV_FORMATION', 'MEDIATION', 'ORIENTATION', 'MISSION_LOCALE', 'FRANCE_TRAVAIL', 'AUTRE_CFA', "
    "'RETOUR_ECOLE', 'ARRET', 'AUTRE', 'RELAIS'"
)
RESULTATS = "'JOINT', 'SANS_REPONSE', 'RENDEZ_VOUS', 'POSITIVE', 'NEGATIVE'"
ANCIENNES_NATURES = "'APPEL', 'MESSAGE', 'ENTRETIEN', 'EMPLOYEUR_TROUVE', 'ORIENTATION', 'AUTRE'"
ANCIENS_RESULTATS = "'JOINT', 'SANS_REPONSE', 'RENDEZ_VOUS'"

COLONNES = f"""
ALTER TABLE dossier ADD COLUMN version INTEGER DEFAULT 1 NOT NULL;
ALTER TABLE dossier ADD COLUMN parti_le DATE;
ALTER TABLE dossier ADD COLUMN depart_ecarte_le TIMESTAMP WITH TIME ZONE;
ALTER TABLE dossier ADD COLUMN presence TEXT;
ALTER TABLE dossier ADD COLUMN presence_le TIMESTAMP WITH TIME ZONE;
ALTER TABLE dossier ADD COLUMN presence_par_id BIGINT;
ALTER TABLE dossier ADD COLUMN confirmee_le TIMESTAMP WITH TIME ZONE;
ALTER TABLE dossier ADD COLUMN confirmee_par_id BIGINT;
ALTER TABLE dossier ADD CONSTRAINT fk_dossier_presence_par_id FOREIGN KEY(presence_par_id)
    REFERENCES personne (id) NOT VALID;
ALTER TABLE dossier ADD CONSTRAINT fk_dossier_confirmee_par_id FOREIGN KEY(confirmee_par_id)
    REFERENCES personne (id) NOT VALID;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_presence CHECK (presence IN ('OUI', 'NON')) NOT VALID;
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_genre;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_genre
    CHECK (genre IN ('RUPTURE', 'FIN_DE_CONTRAT', 'SANS_CONTRAT')) NOT VALID;
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_contrat;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_contrat
    CHECK ((genre = 'SANS_CONTRAT') = (contrat_debut IS NULL)) NOT VALID;
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_cause_cloture;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_cause_cloture CHECK (cause_cloture IN
    ('NOUVEAU_CONTRAT', 'EXCLUSION', 'FIN_DE_FORMATION', 'RUPTURE_ANNULEE', 'PARTI', 'SANS_OBJET')) NOT VALID;
ALTER TABLE demarche ADD COLUMN nombre SMALLINT;
ALTER TABLE demarche ADD COLUMN note_jusqu_au DATE;
ALTER TABLE demarche ADD COLUMN retiree_le TIMESTAMP WITH TIME ZONE;
ALTER TABLE demarche ADD CONSTRAINT ck_demarche_nombre CHECK (nombre BETWEEN 1 AND 500) NOT VALID;
ALTER TABLE demarche DROP CONSTRAINT ck_demarche_nature;
ALTER TABLE demarche ADD CONSTRAINT ck_demarche_nature CHECK (nature IN ({NATURES})) NOT VALID;
ALTER TABLE demarche DROP CONSTRAINT ck_demarche_resultat;
ALTER TABLE demarche ADD CONSTRAINT ck_demarche_resultat CHECK (resultat IN ({RESULTATS})) NOT VALID;
ALTER TABLE commune ADD COLUMN latitude DOUBLE PRECISION;
ALTER TABLE commune ADD COLUMN longitude DOUBLE PRECISION;
DROP TRIGGER commune_version ON commune;
CREATE TRIGGER commune_version AFTER INSERT OR DELETE OR TRUNCATE
  OR UPDATE OF code_insee, nom, departement_code, codes_postaux, anciens_codes, population ON commune
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('communes');
"""

VALIDATION = """
ALTER TABLE dossier VALIDATE CONSTRAINT fk_dossier_presence_par_id;
ALTER TABLE dossier VALIDATE CONSTRAINT fk_dossier_confirmee_par_id;
ALTER TABLE dossier VALIDATE CONSTRAINT ck_dossier_presence;
ALTER TABLE dossier VALIDATE CONSTRAINT ck_dossier_genre;
ALTER TABLE dossier VALIDATE CONSTRAINT ck_dossier_contrat;
ALTER TABLE dossier VALIDATE CONSTRAINT ck_dossier_cause_cloture;
ALTER TABLE demarche VALIDATE CONSTRAINT ck_demarche_nombre;
ALTER TABLE demarche VALIDATE CONSTRAINT ck_demarche_nature;
ALTER TABLE demarche VALIDATE CONSTRAINT ck_demarche_resultat
"""

CREATION = """
CREATE TABLE circonstance (
    dossier_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    obstacles TEXT[] DEFAULT '{}' NOT NULL,
    accord_sante_le DATE,
    souhait TEXT,
    transmis_ailleurs_a TEXT,
    transmis_ailleurs_le DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    personne_id BIGINT NOT NULL,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_circonstance PRIMARY KEY (dossier_id),
    CONSTRAINT ck_circonstance_obstacles CHECK (obstacles <@
        ARRAY['LOGEMENT', 'MOBILITE', 'ADMINISTRATIF', 'FINANCE', 'FAMILLE', 'SANTE']),
    CONSTRAINT ck_circonstance_sante CHECK ((accord_sante_le IS NOT NULL) = ('SANTE' = ANY(obstacles))),
    CONSTRAINT ck_circonstance_souhait CHECK (souhait IN ('MEME_METIER', 'AUTRE_METIER', 'ARRET')),
    CONSTRAINT ck_circonstance_transmis CHECK (transmis_ailleurs_a IN ('MISSION_LOCALE', 'FRANCE_TRAVAIL', 'AUTRE')),
    CONSTRAINT ck_circonstance_transmis_le CHECK ((transmis_ailleurs_a IS NULL) = (transmis_ailleurs_le IS NULL)),
    CONSTRAINT fk_circonstance_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_circonstance_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_circonstance_dossier_id_organisme_id FOREIGN KEY(dossier_id, organisme_id)
        REFERENCES dossier (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE formalite (
    dossier_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    code TEXT NOT NULL,
    faite_le DATE,
    personne_id BIGINT NOT NULL,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_formalite PRIMARY KEY (dossier_id, code),
    CONSTRAINT ck_formalite_code CHECK (code IN ('NOTIFICATION', 'FINANCEUR', 'STATUT_STAGIAIRE', 'ENTRETIEN',
        'REPRESENTANT_LEGAL', 'SORTIE_16_18')),
    CONSTRAINT fk_formalite_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_formalite_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_formalite_dossier_id_organisme_id FOREIGN KEY(dossier_id, organisme_id)
        REFERENCES dossier (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE opposition (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    effectif_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    recue_le DATE NOT NULL,
    personne_id BIGINT NOT NULL,
    cree_le TIMESTAMP WITH TIME ZONE NOT NULL,
    levee_le TIMESTAMP WITH TIME ZONE,
    levee_par_id BIGINT,
    CONSTRAINT pk_opposition PRIMARY KEY (id),
    CONSTRAINT fk_opposition_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_opposition_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_opposition_levee_par_id FOREIGN KEY(levee_par_id) REFERENCES personne (id),
    CONSTRAINT fk_opposition_effectif_id_organisme_id FOREIGN KEY(effectif_id, organisme_id)
        REFERENCES effectif (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX uq_opposition_en_cours ON opposition (effectif_id) WHERE levee_le IS NULL;

CREATE TABLE vigilance_geste (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    effectif_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    regle TEXT NOT NULL,
    revoir_le DATE,
    note TEXT,
    note_jusqu_au DATE,
    personne_id BIGINT NOT NULL,
    cree_le TIMESTAMP WITH TIME ZONE NOT NULL,
    cle_formulaire TEXT,
    CONSTRAINT pk_vigilance_geste PRIMARY KEY (id),
    CONSTRAINT uq_vigilance_geste_cle_formulaire UNIQUE (cle_formulaire),
    CONSTRAINT ck_vigilance_geste_note CHECK (length(note) <= 500),
    CONSTRAINT fk_vigilance_geste_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_vigilance_geste_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_vigilance_geste_effectif_id_organisme_id FOREIGN KEY(effectif_id, organisme_id)
        REFERENCES effectif (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX ix_vigilance_geste_effectif_id ON vigilance_geste (effectif_id, regle, id);

CREATE TABLE vigilance_reglage (
    organisation_id BIGINT NOT NULL,
    regle TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    personne_id BIGINT NOT NULL,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_vigilance_reglage PRIMARY KEY (organisation_id, regle),
    CONSTRAINT fk_vigilance_reglage_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_vigilance_reglage_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id)
);

CREATE TABLE rome (
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    CONSTRAINT pk_rome PRIMARY KEY (code)
);

CREATE TABLE certification_rome (
    rncp TEXT NOT NULL,
    romes TEXT[] NOT NULL,
    CONSTRAINT pk_certification_rome PRIMARY KEY (rncp)
);

CREATE TABLE recherche_alentour (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    nature TEXT NOT NULL,
    rncp TEXT NOT NULL,
    code_insee TEXT NOT NULL,
    demandee_le TIMESTAMP WITH TIME ZONE NOT NULL,
    faite_le TIMESTAMP WITH TIME ZONE,
    echec TEXT,
    resultats JSONB DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_recherche_alentour PRIMARY KEY (id),
    CONSTRAINT uq_recherche_alentour_nature_rncp_code_insee UNIQUE (nature, rncp, code_insee),
    CONSTRAINT ck_recherche_alentour_nature CHECK (nature IN ('OFFRES', 'FORMATIONS'))
);

CREATE TABLE poste (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    dossier_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    employeur_siret TEXT NOT NULL,
    etat TEXT DEFAULT 'PROPOSE' NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    personne_id BIGINT NOT NULL,
    cree_le TIMESTAMP WITH TIME ZONE NOT NULL,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_poste PRIMARY KEY (id),
    CONSTRAINT uq_poste_dossier_id_organisme_id UNIQUE (dossier_id, organisme_id),
    CONSTRAINT ck_poste_etat CHECK (etat IN ('PROPOSE', 'DEPOSE', 'POURVU', 'RETIRE')),
    CONSTRAINT fk_poste_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_poste_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_poste_dossier_id_organisme_id FOREIGN KEY(dossier_id, organisme_id)
        REFERENCES dossier (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE mission_locale (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    siret TEXT NOT NULL,
    nom TEXT NOT NULL,
    commune_code TEXT,
    courriel TEXT,
    telephone TEXT,
    adresse TEXT,
    rdv_url TEXT,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mission_locale PRIMARY KEY (id),
    CONSTRAINT uq_mission_locale_siret UNIQUE (siret),
    CONSTRAINT fk_mission_locale_commune_code FOREIGN KEY(commune_code) REFERENCES commune (code_insee)
);

CREATE TABLE mission_locale_commune (
    mission_locale_id BIGINT NOT NULL,
    code_insee TEXT NOT NULL,
    CONSTRAINT pk_mission_locale_commune PRIMARY KEY (mission_locale_id, code_insee),
    CONSTRAINT fk_mission_locale_commune_mission_locale_id FOREIGN KEY(mission_locale_id)
        REFERENCES mission_locale (id) ON DELETE CASCADE
);
CREATE INDEX ix_mission_locale_commune_code_insee ON mission_locale_commune (code_insee);

CREATE TABLE liaison (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    uuid UUID NOT NULL,
    dossier_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    mission_locale_id BIGINT,
    contact TEXT,
    courriel TEXT,
    donnees TEXT[] NOT NULL,
    cree_le TIMESTAMP WITH TIME ZONE NOT NULL,
    expire_le TIMESTAMP WITH TIME ZONE NOT NULL,
    ouverte_le TIMESTAMP WITH TIME ZONE,
    reponse TEXT,
    repondu_le TIMESTAMP WITH TIME ZONE,
    revoquee_le TIMESTAMP WITH TIME ZONE,
    personne_id BIGINT NOT NULL,
    cle_formulaire TEXT,
    CONSTRAINT pk_liaison PRIMARY KEY (id),
    CONSTRAINT uq_liaison_uuid UNIQUE (uuid),
    CONSTRAINT uq_liaison_cle_formulaire UNIQUE (cle_formulaire),
    CONSTRAINT ck_liaison_reponse CHECK (reponse IN ('RENDEZ_VOUS', 'INJOIGNABLE', 'AUTRE')),
    CONSTRAINT fk_liaison_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_liaison_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_liaison_mission_locale_id FOREIGN KEY(mission_locale_id) REFERENCES mission_locale (id),
    CONSTRAINT fk_liaison_dossier_id_organisme_id FOREIGN KEY(dossier_id, organisme_id)
        REFERENCES dossier (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX ix_liaison_dossier_id ON liaison (dossier_id, id);

CREATE TABLE pli (
    uuid UUID NOT NULL,
    jeton_hash BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    contenu BYTEA,
    essais SMALLINT DEFAULT 0 NOT NULL,
    expire_le TIMESTAMP WITH TIME ZONE NOT NULL,
    ouvert_le TIMESTAMP WITH TIME ZONE,
    reponse_hash BYTEA,
    reponse TEXT,
    repondu_le TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_pli PRIMARY KEY (uuid),
    CONSTRAINT uq_pli_jeton_hash UNIQUE (jeton_hash),
    CONSTRAINT uq_pli_reponse_hash UNIQUE (reponse_hash),
    CONSTRAINT ck_pli_reponse CHECK (reponse IN ('RENDEZ_VOUS', 'INJOIGNABLE', 'AUTRE')),
    CONSTRAINT ck_pli_contenu CHECK (octet_length(contenu) <= 16384)
);
CREATE INDEX ix_pli_expire_le ON pli (expire_le);

CREATE TABLE devenir (
    dossier_id BIGINT NOT NULL,
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    jalon SMALLINT NOT NULL,
    etat TEXT NOT NULL,
    source TEXT NOT NULL,
    personne_id BIGINT,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_devenir PRIMARY KEY (dossier_id, jalon),
    CONSTRAINT ck_devenir_jalon CHECK (jalon IN (30, 90, 180)),
    CONSTRAINT ck_devenir_etat CHECK (etat IN ('CONTRAT', 'ECOLE', 'EMPLOI', 'AUTRE', 'INCONNU')),
    CONSTRAINT ck_devenir_source CHECK (source IN ('DONNEES', 'REPONSE')),
    CONSTRAINT fk_devenir_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id),
    CONSTRAINT fk_devenir_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id),
    CONSTRAINT fk_devenir_dossier_id_organisme_id FOREIGN KEY(dossier_id, organisme_id)
        REFERENCES dossier (id, organisme_id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE bilan_devenir (
    organisme_id INTEGER NOT NULL,
    annee_scolaire TEXT NOT NULL,
    genre TEXT NOT NULL,
    jalon SMALLINT NOT NULL,
    etat TEXT NOT NULL,
    n INTEGER NOT NULL,
    calcule_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_bilan_devenir PRIMARY KEY (organisme_id, annee_scolaire, genre, jalon, etat),
    CONSTRAINT fk_bilan_devenir_organisme_id FOREIGN KEY(organisme_id) REFERENCES organisme (id)
);

CREATE TABLE recap_reglage (
    personne_id BIGINT NOT NULL,
    rythme TEXT NOT NULL,
    maj_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_recap_reglage PRIMARY KEY (personne_id),
    CONSTRAINT ck_recap_reglage_rythme CHECK (rythme IN ('JOUR', 'SEMAINE', 'JAMAIS')),
    CONSTRAINT fk_recap_reglage_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id)
);

CREATE TABLE recap_envoi (
    personne_id BIGINT NOT NULL,
    jour DATE NOT NULL,
    envoye BOOLEAN NOT NULL,
    cree_le TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_recap_envoi PRIMARY KEY (personne_id, jour),
    CONSTRAINT fk_recap_envoi_personne_id FOREIGN KEY(personne_id) REFERENCES personne (id)
);
"""

INDEX = (
    ("ix_dossier_referent_id", "dossier (referent_id) WHERE referent_id IS NOT NULL"),
    ("ix_demarche_note_jusqu_au", "demarche (note_jusqu_au) WHERE note IS NOT NULL"),
)

# What a person's own transactions may do; the rest belongs to jobs and support.
FAMILLE = {
    "circonstance": "SELECT, INSERT, UPDATE",
    "formalite": "SELECT, INSERT, UPDATE",
    "opposition": "SELECT, INSERT, UPDATE",
    "vigilance_geste": "SELECT, INSERT, UPDATE",
    "poste": "SELECT, INSERT, UPDATE",
    "liaison": "SELECT, INSERT, UPDATE",
    "devenir": "SELECT, INSERT, UPDATE",
}

TOUS = "tdba_famille, tdba_territoire, tdba_national"
DROITS = f"""
GRANT SELECT ON rome, certification_rome, mission_locale, mission_locale_commune TO {TOUS};
GRANT INSERT, UPDATE, DELETE ON rome, certification_rome, mission_locale, mission_locale_commune TO tdba_national;
GRANT SELECT, INSERT, UPDATE ON recherche_alentour TO tdba_famille;
GRANT SELECT, INSERT, UPDATE, DELETE ON recherche_alentour TO tdba_national;
GRANT SELECT, INSERT, UPDATE ON vigilance_reglage TO tdba_famille, tdba_national;
GRANT SELECT, INSERT, UPDATE ON pli TO {TOUS};
GRANT DELETE ON pli TO tdba_national;
GRANT SELECT ON bilan_devenir TO {TOUS};
GRANT INSERT, UPDATE, DELETE ON bilan_devenir TO tdba_national;
GRANT SELECT, INSERT, UPDATE ON recap_reglage TO {TOUS};
GRANT SELECT, INSERT, UPDATE, DELETE ON recap_envoi TO tdba_national;
"""

SUPPRESSION = f"""
DO $$ BEGIN
  IF EXISTS (SELECT FROM dossier WHERE genre = 'FIN_DE_CONTRAT' OR cause_cloture IN ('PARTI', 'SANS_OBJET'))
     OR EXISTS (SELECT FROM demarche WHERE nature NOT IN ({ANCIENNES_NATURES}) OR resultat NOT IN ({ANCIENS_RESULTATS}))
  THEN RAISE EXCEPTION 'files or steps of kinds that 0022 does not know exist: this migration is not undone'; END IF;
END $$;
DROP INDEX ix_demarche_note_jusqu_au;
DROP INDEX ix_dossier_referent_id;
DROP TABLE recap_envoi, recap_reglage, bilan_devenir, devenir, pli, liaison, mission_locale_commune, mission_locale,
    poste, recherche_alentour, certification_rome, rome, vigilance_reglage, vigilance_geste, opposition, formalite,
    circonstance;
DROP TRIGGER commune_version ON commune;
CREATE TRIGGER commune_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON commune
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('communes');
ALTER TABLE commune DROP COLUMN longitude;
ALTER TABLE commune DROP COLUMN latitude;
ALTER TABLE demarche DROP CONSTRAINT ck_demarche_resultat;
ALTER TABLE demarche ADD CONSTRAINT ck_demarche_resultat CHECK (resultat IN ({ANCIENS_RESULTATS}));
ALTER TABLE demarche DROP CONSTRAINT ck_demarche_nature;
ALTER TABLE demarche ADD CONSTRAINT ck_demarche_nature CHECK (nature IN ({ANCIENNES_NATURES}));
ALTER TABLE demarche DROP COLUMN retiree_le;
ALTER TABLE demarche DROP COLUMN note_jusqu_au;
ALTER TABLE demarche DROP COLUMN nombre;
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_cause_cloture;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_cause_cloture
    CHECK (cause_cloture IN ('NOUVEAU_CONTRAT', 'EXCLUSION', 'FIN_DE_FORMATION', 'RUPTURE_ANNULEE'));
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_contrat;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_contrat CHECK ((genre = 'RUPTURE') = (contrat_debut IS NOT NULL));
ALTER TABLE dossier DROP CONSTRAINT ck_dossier_genre;
ALTER TABLE dossier ADD CONSTRAINT ck_dossier_genre CHECK (genre IN ('RUPTURE', 'SANS_CONTRAT'));
ALTER TABLE dossier DROP COLUMN confirmee_par_id;
ALTER TABLE dossier DROP COLUMN confirmee_le;
ALTER TABLE dossier DROP COLUMN presence_par_id;
ALTER TABLE dossier DROP COLUMN presence_le;
ALTER TABLE dossier DROP COLUMN presence;
ALTER TABLE dossier DROP COLUMN depart_ecarte_le;
ALTER TABLE dossier DROP COLUMN parti_le;
ALTER TABLE dossier DROP COLUMN version;
"""


def liste(variable: str) -> str:
    return (
        f"ANY((SELECT string_to_array(nullif(current_setting('{variable}', true), ''), ',')::int[])::int[])"
    )


LECTURE = f"organisme_id = {liste('tdba.organismes')}"
ECRITURE = f"organisme_id = {liste('tdba.organismes_ecriture')}"
SUIVI = f"organisme_id = {liste('tdba.organismes_suivi')}"
# An objection binds everyone who may work on the record; an outcome is what a network may count (decision 26).
LUES_PAR_LA_FAMILLE = ("opposition", "devenir")


def politique(table: str, role: str, commande: str, condition: str) -> str:
    clauses = {
        "SELECT": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
        "ALL": f"USING ({condition}) WITH CHECK ({condition})",
    }
    nom = f"{table}_{role.removeprefix('tdba_')}_{commande.lower()}"
    return f"CREATE POLICY {nom} ON {table} FOR {commande} TO {role} {clauses[commande]};"


def verrouiller(table: str, commandes: str) -> list[str]:
    sql = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        politique(table, "tdba_proprietaire", "ALL", "true"),
        politique(table, "tdba_national", "ALL", "true"),
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO tdba_national;",
        f"GRANT {commandes} ON {table} TO tdba_famille;",
    ]
    lecture = LECTURE if table in LUES_PAR_LA_FAMILLE else SUIVI
    conditions = {"SELECT": lecture}
    return sql + [
        politique(table, "tdba_famille", commande, conditions.get(commande, ECRITURE))
        for commande in commandes.split(", ")
    ]


def upgrade() -> None:
    op.execute(COLONNES)
    op.execute(CREATION)
    op.execute("\n".join(ligne for table, c in FAMILLE.items() for ligne in verrouiller(table, c)))
    op.execute(DROITS)
    with op.get_context().autocommit_block():
        for nom, sur in INDEX:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {nom}")
            op.execute(f"CREATE INDEX CONCURRENTLY {nom} ON {sur}")
        op.execute(VALIDATION)


def downgrade() -> None:
    """Loses the follow-up written since; refuses when files or steps of the new kinds exist."""
    op.execute(SUPPRESSION)
