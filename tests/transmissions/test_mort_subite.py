"""A worker killed by SIGKILL at fifty random moments: the transmission ends exactly as if nothing had happened."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from benchmarks.lignes import LIGNE
from tdba import horloge, jobs, scope
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.transmissions import application, service
from tdba.transmissions.cles import Emetteur
from tests import base_test
from tests import factories as f
from tests.conftest import MIDI

MORTS, LIGNES, LOT = 50, 1200, 6
RACINE = Path(__file__).resolve().parents[2]
VUES = {
    "effectif": "SELECT annee_scolaire, id_erp, nom, adresse, date_fin, bornes, statuts, anomalies, version"
    " FROM effectif WHERE organisme_id = :o ORDER BY 1, 2",
    "contrat": "SELECT e.id_erp, c.rang, c.debut, c.fin, c.rupture, c.debut_source FROM contrat c"
    " JOIN effectif e ON e.id = c.effectif_id WHERE e.organisme_id = :o ORDER BY 1, 2",
    "source": "SELECT e.id_erp, s.valeurs - 'etablissement_formateur_uai' - 'etablissement_formateur_siret'"
    " - 'etablissement_responsable_uai' - 'etablissement_responsable_siret' FROM effectif_source s"
    " JOIN effectif e ON e.id = s.effectif_id WHERE e.organisme_id = :o ORDER BY 1",
    "periode": "SELECT e.id_erp, p.rang, p.statut, p.du, p.au FROM periode p JOIN effectif e ON e.id = p.effectif_id"
    " WHERE e.organisme_id = :o ORDER BY 1, 2",
    "dossier": "SELECT e.id_erp, d.genre, d.ouvert_du FROM dossier d JOIN effectif e ON e.id = d.effectif_id"
    " WHERE e.organisme_id = :o ORDER BY 1, 2, 3",
    "ligne": "SELECT rang, etat, id_erp FROM ligne WHERE organisme_id = :o ORDER BY transmission_id, rang",
    "reception": "SELECT nb_lignes, nb_refusees, nb_creees, nb_modifiees, nb_inchangees, traitee_le IS NULL"
    " FROM reception WHERE organisme_id = :o ORDER BY transmission_id",
    "mouvement": "SELECT annee_scolaire, statut, jour, sum(n) FROM mouvement WHERE organisme_id = :o"
    " GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3",
}


@pytest.fixture
def base(urls: dict[str, str], app: Flask) -> Iterator[str]:
    """A database of this test's own: what it does is committed, or a killed process would prove nothing."""
    url = base_test.copier(urls["superutilisateur"], "mort_subite")
    moteur = create_engine(url)
    with app.app_context(), horloge.regler(MIDI):
        anciens = dict(db.engines)
        db.engines[None] = moteur  # type: ignore[index]
        try:
            yield url
        finally:
            db.session.remove()
            db.engines.update(anciens)  # type: ignore[attr-defined]
            moteur.dispose()
            base_test.effacer(urls["superutilisateur"], url)


def lignes(organisme: Organisme, tour: int) -> list[dict[str, Any]]:
    """New and changed records, one sent twice, one in a hundred refused by the rules."""
    cles = {
        f"etablissement_{cote}_{quoi}": valeur
        for cote in ("formateur", "responsable")
        for quoi, valeur in (("uai", organisme.uai), ("siret", organisme.siret))
    }
    recues = [LIGNE | cles | {"id_erp_apprenant": f"E{i}"} for i in range(LIGNES // 2)]
    for i, ligne in enumerate(recues):
        if tour and i % 2:
            ligne["adresse_apprenant"] = f"{tour} rue du Port"
        if i % 100 == 99:
            ligne["email_contact"] = "illisible"
    recues[7] = recues[8] | {"nom_apprenant": "PREMIER"}
    return recues


def envoyer(organisme: Organisme) -> None:
    for tour in range(2):
        emetteur = Emetteur(None, organisme.id, frozenset({organisme.id}))
        service.recevoir(lignes(organisme, tour), emetteur, source="ERP")
    db.session.commit()


def photo(url: str, organisme_id: int) -> dict[str, list[Any]]:
    moteur = create_engine(url)
    with moteur.connect() as lien:
        vues = {
            nom: [tuple(r) for r in lien.execute(text(sql), {"o": organisme_id})] for nom, sql in VUES.items()
        }
    moteur.dispose()
    return vues


def attente(url: str) -> int:
    """What ninety seconds of silence do to a lease. Returns how many lines still wait."""
    moteur = create_engine(url)
    with moteur.begin() as lien:
        lien.execute(text("UPDATE tache SET bail_jusqu_a = NULL, pas_avant = cree_le"))
        nombre = lien.execute(text("SELECT count(*) FROM ligne WHERE etat = 'A_TRAITER'")).scalar_one()
    moteur.dispose()
    return int(nombre)


def test_une_transmission_finit_comme_si_de_rien_n_etait(base: str, urls: dict[str, str]) -> None:
    jobs.brancher(lambda *_: None)
    with scope.systeme("test"):
        session = db.session()
        f.les_territoires(session)
        tranquille, tourmente = f.un_organisme(session, "Tranquille"), f.un_organisme(session, "Tourmente")
        envoyer(tranquille)
        application.appliquer(session.commit, tranquille.id)
        session.commit()
        envoyer(tourmente)
        attendue, organisme_id = photo(base, tranquille.id), tourmente.id
    db.session.remove()
    graine = random.randrange(10**6)  # noqa: S311 - moments, not secrets
    hasard = random.Random(graine)  # noqa: S311 - moments, not secrets
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.transmissions.ouvrier_mortel",
            base,
            urls["redis"],
            str(organisme_id),
            str(LOT),
        ],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as ouvrier:
        assert ouvrier.stdin is not None
        assert ouvrier.stdout is not None
        codes = []
        vies = [(hasard.randrange(2, 5), hasard.random()) for _ in range(MORTS)]
        for lots, fraction in [*vies, (10**6, 1.0)]:
            restantes = attente(base)
            ouvrier.stdin.write(f"{lots} {fraction}\n")
            ouvrier.stdin.flush()
            codes.append(int(ouvrier.stdout.readline()))
        ouvrier.stdin.close()
    assert codes.count(-signal.SIGKILL) == MORTS, f"graine {graine}: it ended before the last death"
    assert 0 < restantes < LIGNES * 0.9, f"graine {graine}: the deaths came too early, or too late"
    assert codes[-1] == 0
    assert photo(base, organisme_id) == attendue, f"graine {graine}"
