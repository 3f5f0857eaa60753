"""Certifications with their validity and continuity, communes by former code, and where each apprentice lives.

What processes keep in memory of the référentiel carries the number of its version. Triggers change that number, so
that no writer can forget to; it comes from the clock, so that a transaction undone never gives one back.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CREATION = """
CREATE TABLE code_certification (
    code TEXT NOT NULL,
    ouverture DATE,
    fermeture DATE,
    continuite TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_code_certification PRIMARY KEY (code)
);

CREATE TABLE code_inconnu (
    code TEXT NOT NULL,
    signale_le TIMESTAMP WITH TIME ZONE NOT NULL,
    demande_le TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_code_inconnu PRIMARY KEY (code)
);

CREATE TABLE version_referentiel (
    nom TEXT NOT NULL,
    numero BIGINT DEFAULT 0 NOT NULL,
    appliquee BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_version_referentiel PRIMARY KEY (nom)
);
INSERT INTO version_referentiel (nom, numero) VALUES ('certifications', 1), ('communes', 1);

ALTER TABLE certification ADD COLUMN ouverture DATE;
ALTER TABLE commune ADD COLUMN anciens_codes TEXT[] DEFAULT '{}' NOT NULL;
CREATE INDEX ix_commune_codes_postaux ON commune USING gin (codes_postaux);
CREATE INDEX ix_commune_anciens_codes ON commune USING gin (anciens_codes);
ALTER TABLE effectif ADD COLUMN departement TEXT;

CREATE FUNCTION changer_version_referentiel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE version_referentiel SET numero = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  WHERE nom = TG_ARGV[0];
  RETURN NULL;
END $$;
CREATE TRIGGER certification_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON certification
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('certifications');
CREATE TRIGGER code_certification_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON code_certification
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('certifications');
CREATE TRIGGER commune_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON commune
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('communes');
CREATE TRIGGER departement_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON departement
  FOR EACH STATEMENT EXECUTE FUNCTION changer_version_referentiel('communes');

GRANT SELECT ON code_certification, version_referentiel TO tdba_famille, tdba_territoire, tdba_national;
GRANT INSERT, UPDATE, DELETE ON code_certification TO tdba_national;
GRANT SELECT, INSERT, UPDATE, DELETE ON code_inconnu TO tdba_national;
GRANT UPDATE ON version_referentiel TO tdba_national;
"""

SUPPRESSION = """
DROP TRIGGER departement_version ON departement;
DROP TRIGGER commune_version ON commune;
DROP TRIGGER certification_version ON certification;
DROP TABLE code_certification;
DROP FUNCTION changer_version_referentiel();
DROP TABLE version_referentiel;
DROP TABLE code_inconnu;
ALTER TABLE effectif DROP COLUMN departement;
DROP INDEX ix_commune_codes_postaux;
ALTER TABLE commune DROP COLUMN anciens_codes;
ALTER TABLE certification DROP COLUMN ouverture;
"""


def upgrade() -> None:
    op.execute(CREATION)


def downgrade() -> None:
    op.execute(SUPPRESSION)
