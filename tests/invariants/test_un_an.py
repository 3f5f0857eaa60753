"""A year of daily life for 500 invented people, the clock moved day by day (issue 6, "Proof")."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.ruptures import verification
from tests.invariants import un_an_constats as constats
from tests.invariants import un_an_gestes as gestes
from tests.invariants.un_an_monde import Annee, instant, une_annee
from tests.invariants.un_an_oracle import UN_JOUR
from tests.invariants.un_an_vies import DEBUT, FIN

PERSONNES, GRAINE = 500, 20
FOIS = 20
"""How many times each gesture was done at least, or the year proves nothing of it."""
ANALYSE = "ANALYZE effectif, effectif_source, contrat, periode, dossier, demarche, point, correction, opposition, retrait"
VUS = ("lignes", "premier_geste", "departs", "retenues", "restaurees", "effacees", "levees", "revenus")


def test_un_an_de_vie_quotidienne_pour_500_personnes(session: Session, connexion: Connection) -> None:
    annee = une_annee(session, PERSONNES, GRAINE)
    while annee.jour <= FIN:
        if annee.jour == DEBUT + UN_JOUR or annee.jour.day == 1:
            analyser(connexion)
        minuit_passe(annee)
        la_nuit(annee)
        la_journee(annee)
        annee.jour += UN_JOUR
    manquent = [geste.__name__ for geste in gestes.GESTES if annee.faits[geste.__name__] < FOIS]
    assert not manquent, f"the year did not try: {manquent} ({dict(annee.faits)})"
    assert all(annee.faits[nom] for nom in VUS), dict(annee.faits)


def analyser(connexion: Connection) -> None:
    """What autovacuum does for committed rows: the whole year is one transaction, and its tables look empty to the planner."""
    role = connexion.exec_driver_sql("SELECT current_user").scalar_one()
    connexion.exec_driver_sql("RESET ROLE")
    connexion.exec_driver_sql(ANALYSE)
    connexion.exec_driver_sql("SELECT set_config('role', %(role)s, true)", {"role": role})


def minuit_passe(annee: Annee) -> None:
    """The first second of a day, before any job: no list waits for the night (decision 10)."""
    with horloge.regler(instant(annee.jour, 0, 0, 1)):
        constats.listes_justes(annee)
        constats.delais_justes(annee)
        gestes.premier_geste(annee)


def la_nuit(annee: Annee) -> None:
    """The jobs write the files of the new day; running them again writes nothing."""
    with horloge.regler(instant(annee.jour, 2, 30)):
        annee.constater_les_departs()
        annee.nuit()
        annee.oublier_les_effaces()
        constats.table_juste(annee)
        avant = constats.empreinte(annee)
        annee.nuit()
        assert constats.empreinte(annee) == avant, f"{annee.jour}: the night run twice wrote again"


def la_journee(annee: Annee) -> None:
    with horloge.regler(instant(annee.jour, 10)):
        annee.envoyer()
        annee.travailler()
    with horloge.regler(instant(annee.jour, 15)):
        constats.relire_les_ouverts(annee)
        gestes.l_apres_midi(annee)
    with horloge.regler(instant(annee.jour, 23, 59, 59)):
        constats.table_juste(annee)
        constats.statuts_justes(annee)
        if annee.jour.weekday() == 0 or annee.jour == FIN:
            bilan = verification.verifier(annee.session.commit)
            assert (bilan.ecarts, bilan.a_ouvrir) == (0, 0), (annee.jour, bilan)
    if annee.jour == DEBUT:
        annee.session.execute(text("ANALYZE"))
