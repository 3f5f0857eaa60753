"""What must be true after every act, and the photograph that undoing must give back."""

from typing import Any, Final

from sqlalchemy import text

from tdba import horloge, scope
from tdba.anomalies import service as anomalies
from tdba.doublons import service as doublons
from tdba.effectifs import parcours, queries, sources, valeurs
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.reconnaissance import COMPLETEES, connaissances_pour
from tdba.effectifs.source_json import charger
from tdba.indicateurs import service as indicateurs
from tdba.points import service as points
from tdba.ruptures import queries_fiche as ruptures
from tests.invariants import verites_suivi
from tests.invariants.aides import SECRETS, Monde

PHOTO: Final = (
    "SELECT to_jsonb(e) - '{version,maj_le}'::text[] FROM effectif e WHERE organisme_id = ANY(:sites)",
    "SELECT to_jsonb(c) FROM contrat c WHERE organisme_id = ANY(:sites)",
    "SELECT to_jsonb(p) FROM periode p WHERE organisme_id = ANY(:sites)",
    "SELECT to_jsonb(s) FROM effectif_source s WHERE organisme_id = ANY(:sites)",
    (
        "SELECT to_jsonb(c) - '{maj_le}'::text[] FROM correction c WHERE organisme_id = ANY(:sites)"
        " AND etat IN ('ACTIVE', 'CONFLIT')"
    ),
    # A file that nothing asks for any more is open on no day: it is as if it were not there (ruptures).
    (
        "SELECT to_jsonb(d) - '{id,cree_le,version,depart_ecarte_le,confirmee_le,confirmee_par_id}'::text[] FROM dossier d WHERE organisme_id = ANY(:sites)"
        " AND clos_du IS DISTINCT FROM ouvert_du"
    ),
    "SELECT to_jsonb(d) FROM demarche d WHERE organisme_id = ANY(:sites) AND retiree_le IS NULL",
    "SELECT to_jsonb(c) FROM circonstance c WHERE organisme_id = ANY(:sites)",
    "SELECT to_jsonb(f) - '{maj_le}'::text[] FROM formalite f WHERE organisme_id = ANY(:sites) AND faite_le IS NOT NULL",
    "SELECT to_jsonb(o) - '{id,cree_le}'::text[] FROM opposition o WHERE organisme_id = ANY(:sites) AND levee_le IS NULL",
    # A letter withdrawn from who objected, or whose record was in the bin, stays so.
    "SELECT to_jsonb(l) - '{revoquee_le}'::text[] FROM liaison l WHERE organisme_id = ANY(:sites)",
    "SELECT to_jsonb(p) FROM poste p WHERE organisme_id = ANY(:sites)",
    (
        # What data say of outcomes is computed: a night, or the next change of the record, says it again.
        "SELECT to_jsonb(v) - '{maj_le}'::text[] FROM devenir v JOIN dossier d ON d.id = v.dossier_id"
        " WHERE d.organisme_id = ANY(:sites) AND v.source = 'REPONSE' AND d.clos_du IS DISTINCT FROM d.ouvert_du"
    ),
    (
        "SELECT organisme_id, annee_scolaire, niveau, statut, jour, sum(n) FROM mouvement"
        " WHERE organisme_id = ANY(:sites) GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0"
    ),
    # A pair set aside opens again when an identity changes, even for a moment: it is what a rebuild finds that holds.
    (
        "SELECT organisme_id, genre, cle, effectif_id, consequence, details FROM point"
        " WHERE organisme_id = ANY(:sites) AND clos_le IS NULL AND genre <> 'DOUBLON'"
    ),
)
_POINTS: Final = PHOTO[-1].replace(" AND genre <> 'DOUBLON'", "")

SUITES: Final = {
    "ACTIVE": {"CONFLIT", "REJOINTE", "REMPLACEE", "ANNULEE"},
    "CONFLIT": {"ACTIVE", "REJOINTE", "REMPLACEE", "ANNULEE"},
    "REMPLACEE": {"ACTIVE", "CONFLIT", "REJOINTE"},
    "ANNULEE": set(),
    "REJOINTE": set(),
}
"""What may become of a correction from one act to the next: a replaced one comes back when the newer is undone."""


def photographier(monde: Monde) -> list[list[str]]:
    """All that undoing must put back, table by table."""
    monde.session.commit()
    return [
        sorted(str(tuple(r)) for r in monde.session.execute(text(sql), {"sites": monde.sites}))
        for sql in PHOTO
    ]


def verifier(monde: Monde, geste: str) -> None:
    """Everything that holds whatever was done."""
    monde.session.expire_all()
    aucune_correction_ne_disparait(monde, geste)
    for fiche in monde.fiches():
        parcours_juste(monde, fiche)
        if fiche.corbeille_le is None:
            tout_s_explique(queries.a_corriger(fiche.id, verrou=False))
    une_fiche_par_cle(monde)
    chiffres_justes(monde)
    rien_en_corbeille(monde)
    verites_suivi.verifier(monde, geste)
    la_nuit_ne_change_rien(monde)
    monde.session.commit()


def aucune_correction_ne_disparait(monde: Monde, geste: str) -> None:
    lues = monde.session.execute(
        text("SELECT to_jsonb(c) FROM correction c WHERE organisme_id = ANY(:sites)"), {"sites": monde.sites}
    )
    actuelles = {c["id"]: c for (c,) in lues}
    for cle, avant in monde.vues.items():
        apres = actuelles[cle]
        permis = SUITES[avant["etat"]] | {avant["etat"]}
        if geste == "annuler_la_fusion" and avant["etat"] == "ANNULEE":
            permis = permis | {"ACTIVE"}
        assert apres["etat"] in permis, (avant, apres)
        for nom in ("effectif_id", "champ", "valeur", "valeur_avant", "motif", "personne_id", "cree_le"):
            assert apres[nom] == avant[nom], (nom, avant, apres)
        if apres["contrat_id"] != avant["contrat_id"]:
            assert apres["contrat_id"] is None, (avant, apres)
            assert apres["etat"] not in queries.EN_VIGUEUR, (avant, apres)
        assert (apres["close_le"] is None) == (apres["etat"] in queries.EN_VIGUEUR), apres
        assert (apres["valeur_conflit"] is not None) <= (apres["etat"] != "ACTIVE"), apres
    monde.vues = actuelles
    tenues = [
        (c["effectif_id"], c["champ"], c["contrat_id"])
        for c in actuelles.values()
        if c["etat"] in queries.EN_VIGUEUR
    ]
    assert len(tenues) == len(set(tenues))


def parcours_juste(monde: Monde, fiche: Effectif) -> None:
    """Decision 10: arrays and periods say what the rules say of the dates."""
    (lu,) = parcours.lire([fiche.id])
    trouve = parcours.calculer(lu)
    assert (fiche.bornes, fiche.statuts) == (trouve.bornes, trouve.statuts)
    assert fiche.anomalies == [a.name for a in trouve.anomalies]
    periodes = monde.session.execute(
        text(
            "SELECT du, au, statut, raison, organisme_id FROM periode WHERE effectif_id = :id ORDER BY rang"
        ),
        {"id": fiche.id},
    ).all()
    dites = [(e.du, e.au, int(e.statut)) for e in trouve.etapes]
    assert [tuple(p)[:3] for p in periodes] == dites
    assert {p[4] for p in periodes} <= {fiche.organisme_id}


def tout_s_explique(ouvert: Ouvert) -> None:
    """Every effective value is its correction in force, else what the best source says (decision 17)."""
    fiche = ouvert.effectif
    assert ouvert.valeurs_source is not None, "no source"
    dites = charger(ouvert.valeurs_source)
    siennes = [_vue(c) for c in ouvert.corrections if c.contrat_id is None]
    voulues, issues = valeurs.effectives(valeurs.de_la_source(dites), siennes)
    corriges = {c.champ for c in siennes}
    connues = connaissances_pour([dites, *({valeurs.CHAMPS.get(k, k): v} for k, v in voulues.items())])
    voulues |= {n: v for n, v in connues.completer(voulues).items() if n in COMPLETEES and n not in corriges}
    tenues = {nom: getattr(fiche, nom) for nom in voulues}
    assert tenues == voulues, [(n, v, voulues[n]) for n, v in tenues.items() if v != voulues[n]]
    assert fiche.recherche == valeurs.recherche(fiche.nom, fiche.prenom)
    assert fiche.corrige == bool(ouvert.corrections)
    etats = {c.id: (c.etat, c.valeur_conflit) for c in ouvert.corrections}
    for issue in issues:
        if issue.etat is not valeurs.EtatCorrection.REJOINTE:
            assert etats[issue.correction_id] == (issue.etat.value, issue.valeur_conflit)
    les_contrats_s_expliquent(ouvert, dites)


def les_contrats_s_expliquent(ouvert: Ouvert, dites: dict[str, Any]) -> None:
    dits = sources.contrats_dits(dites)
    transmis = [c.debut_source for c in ouvert.contrats if c.debut_source is not None]
    assert {d.debut for d in dits} <= set(transmis)
    for contrat in ouvert.contrats:
        siennes = {c.champ: c for c in ouvert.corrections if c.contrat_id == contrat.id}
        dit = sources.contrat_dit(dits, rang=contrat.rang, debut_source=contrat.debut_source)
        assert dit is not None or siennes, "a contract that nobody says"
        assert contrat.debut_source is not None or "contrat" in siennes, "a contract that nobody added"
        for champ in (*contrats_des_sources(contrat, dit), *sorted(valeurs.NOTRES)):
            voulue = getattr(dit, champ, None)
            if champ in siennes:
                voulue = valeurs.depuis_texte(champ, siennes[champ].valeur)
            assert getattr(contrat, champ) == voulue, (champ, contrat.id)


def contrats_des_sources(contrat: Contrat, dit: Any) -> tuple[str, ...]:
    """A contract no longer sent keeps what its source last said, which is not there to be read any more."""
    if dit is None and contrat.debut_source is not None:
        return ()
    return ("debut", "fin", "rupture", "cause_rupture", "employeur_siret")


def _vue(c: Correction) -> valeurs.CorrectionVue:
    return valeurs.CorrectionVue(c.id, c.champ, c.valeur, c.valeur_source, c.contrat_id)


def une_fiche_par_cle(monde: Monde) -> None:
    cles = [f.id_erp for f in monde.fiches()]
    assert sorted(cles) == sorted(set(cles)), "one ERP number, two records"
    assert set(monde.cles) <= set(cles), "a record is gone"


def chiffres_justes(monde: Monde) -> None:
    """The counting tables, summed today, are the records out of the bin, counted one by one."""
    sommes = monde.session.execute(
        text(
            "SELECT organisme_id, statut, sum(n)::int FROM mouvement WHERE organisme_id = ANY(:sites)"
            " AND statut > 0 AND jour <= :jour GROUP BY 1, 2 HAVING sum(n) <> 0"
        ),
        {"sites": monde.sites, "jour": horloge.aujourd_hui()},
    )
    comptes: dict[tuple[int, int], int] = {}
    for fiche in monde.fiches():
        rang = sum(borne <= horloge.aujourd_hui() for borne in fiche.bornes)
        if fiche.corbeille_le is None and rang:
            cle = (fiche.organisme_id, fiche.statuts[rang - 1])
            comptes[cle] = comptes.get(cle, 0) + 1
    assert {(o, s): n for o, s, n in sommes} == comptes
    assert indicateurs.verifier(monde.sites) == []


def rien_en_corbeille(monde: Monde) -> None:
    """Nobody follows up, compares or has to settle anything about a record in the bin."""
    jour = horloge.aujourd_hui()
    for fiche in monde.fiches():
        if fiche.corbeille_le is not None:
            assert ruptures.ligne_de_la_fiche(fiche.id, jour) is None, "its file is open"
    for sql in (
        (
            "SELECT d.id FROM doublon d JOIN effectif e ON e.id IN (d.effectif_id, d.autre_id)"
            " WHERE e.corbeille_le IS NOT NULL AND d.etat = 'OUVERT' AND :jour IS NOT NULL"
        ),
        (
            "SELECT p.id FROM point p JOIN effectif e ON e.id = p.effectif_id WHERE e.corbeille_le IS NOT NULL"
            " AND p.clos_le IS NULL AND p.genre <> 'RETENUE' AND :jour IS NOT NULL"
        ),
    ):
        lues = monde.session.execute(
            text(sql.replace(":jour", "cast(:jour AS date)")), {"jour": horloge.aujourd_hui()}
        )
        assert lues.all() == [], sql


def la_nuit_ne_change_rien(monde: Monde) -> None:
    """What each act did by itself is what a full rebuild finds."""
    with scope.systeme("test"):
        avant = points_ouverts(monde)
        points.refaire(monde.sites)
        apres = points_ouverts(monde)
        assert apres == avant, ([p for p in avant if p not in apres], [p for p in apres if p not in avant])
        assert anomalies.refaire(monde.sites)[1:] == (0, 0), "anomalies"
        vu = doublons.detecter(monde.sites)
        assert (vu.ouverts, vu.disparus) == (0, 0), vu


def points_ouverts(monde: Monde) -> list[tuple[Any, ...]]:
    lus = monde.session.execute(text(_POINTS), {"sites": monde.sites})
    return sorted((tuple(ligne) for ligne in lus), key=str)


def evenements(monde: Monde, apres: int) -> list[tuple[int, str, str]]:
    """The journal since that event: id, name, details as they are written."""
    lues = monde.session.execute(
        text("SELECT id, evenement, details::text FROM journal WHERE id > :apres ORDER BY id"),
        {"apres": apres},
    )
    return [tuple(ligne) for ligne in lues]


def journal_tenu(monde: Monde, apres: int, geste: str, *, attendu: str, muet: bool) -> None:
    """An act of a person leaves an event, of the name expected; none holds a value (decision 34)."""
    faits = evenements(monde, apres)
    assert muet or any(nom.startswith(attendu) for _, nom, _ in faits), f"{geste} left no event"
    for _, nom, details in faits:
        assert not any(secret in details for secret in SECRETS), (nom, details)
