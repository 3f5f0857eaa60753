"""What people do during the year, through the services that their screens call; and what it makes true."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

from tdba import horloge
from tdba.effectifs import changements, contrats_manuels, corbeille, correction, queries
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.queries import Ouvert
from tdba.ruptures import departs, service, service_dossier, service_oppositions
from tests.invariants.un_an_monde import Annee
from tests.invariants.un_an_oracle import ABANDON, UN_JOUR, Contrat
from tests.invariants.un_an_vies import Fiche

POURQUOI: Final = Pourquoi(motif="PIECE_VUE")
Geste = Callable[[Annee, Fiche], bool]
"""Does it and says so; False when this record is not in that case."""


def l_apres_midi(annee: Annee) -> None:
    """A call, what was promised for today, and two gestures among those that change a file."""
    with annee.directrice():
        for fiche in _choisies(annee, 1, suivies=True):
            _appeler(annee, fiche)
        for a_faire in annee.promesses.pop(annee.jour, ()):
            a_faire()
        for _ in range(2):
            geste = annee.hasard.choice(GESTES)
            for fiche in _choisies(annee, 40, suivies=geste in SUR_UN_DOSSIER):
                if geste(annee, fiche):
                    annee.faits[geste.__name__] += 1
                    break


def premier_geste(annee: Annee) -> None:
    """A step noted before the night has written the file: the step writes it."""
    if not annee.virtuels or annee.hasard.random() < 0.5:
        return
    effectif_id, genre = annee.hasard.choice(sorted(annee.virtuels))
    maintenant = horloge.maintenant()
    with annee.directrice():
        assert service.noter_sans_dossier(
            effectif_id, genre, _pas("APPEL", "SANS_REPONSE"), maintenant=maintenant, jour=annee.jour
        )
    annee.faits["premier_geste"] += 1


def _choisies(annee: Annee, nombre: int, *, suivies: bool) -> list[Fiche]:
    libres = [u for u in annee.fiches if u.libre and (not suivies or u.effectif_id in annee.ouverts)]
    return annee.hasard.sample(libres, min(nombre, len(libres)))


def _pas(nature: str, resultat: str | None, note: str | None = None) -> service.Saisie:
    return service.Saisie(
        nature=nature, resultat=resultat, prochaine_le=None, note=note, cle_formulaire=str(uuid4())
    )


def _appeler(annee: Annee, fiche: Fiche) -> None:
    saisie = _pas("APPEL", "SANS_REPONSE", note="À rappeler lundi.")
    dossier_id = annee.ouverts[fiche.effectif_id]
    assert service.noter_demarche(dossier_id, saisie, maintenant=horloge.maintenant(), jour=annee.jour)
    annee.faits["appels"] += 1


def _corriger(fiche: Fiche, debut: date, saisies: dict[str, Any]) -> None:
    def proposer(ouvert: Ouvert) -> Sequence[Changement]:
        contrat = next(c for c in ouvert.contrats if c.debut == debut)
        return changements.de_contrat(
            ouvert, contrat, saisies, version=ouvert.effectif.version, jour=horloge.aujourd_hui()
        )

    ouvert = queries.a_corriger(fiche.effectif_id, verrou=True)
    correction.corriger(ouvert, proposer(ouvert), pourquoi=POURQUOI, maintenant=horloge.maintenant())


def _dernier(annee: Annee, fiche: Fiche) -> Contrat | None:
    """The last contract, when nothing was typed about it yet and its ERP will not take it away."""
    dits = fiche.recu.contrats if fiche.recu else ()
    seul = fiche.stable(annee.jour) and not (fiche.ajoute or fiche.exclusion or fiche.ruptures)
    return max(dits) if seul and dits else None


def corriger_la_rupture(annee: Annee, fiche: Fiche) -> bool:
    contrat = _dernier(annee, fiche)
    if contrat is None or contrat.rupture is None:
        return False
    voulue = contrat.rupture + timedelta(days=annee.hasard.choice((-9, -2, -1, 1, 2, 9)))
    if not contrat.debut < voulue <= (contrat.fin or fiche.faits.fin) or annee.jour - voulue > timedelta(300):
        return False
    return _dire_la_rupture(fiche, contrat, voulue)


def annuler_la_rupture(annee: Annee, fiche: Fiche) -> bool:
    contrat = _dernier(annee, fiche)
    return contrat is not None and contrat.rupture is not None and _dire_la_rupture(fiche, contrat, None)


def declarer_une_rupture(annee: Annee, fiche: Fiche) -> bool:
    """One that the ERP has not sent, past or to come."""
    contrat = _dernier(annee, fiche)
    voulue = annee.jour + timedelta(days=annee.hasard.randint(-20, 15))
    if contrat is None or contrat.rupture or not contrat.debut < voulue <= (contrat.fin or fiche.faits.fin):
        return False
    return _dire_la_rupture(fiche, contrat, voulue)


def _dire_la_rupture(fiche: Fiche, contrat: Contrat, voulue: date | None) -> bool:
    _corriger(fiche, contrat.debut, {"rupture": voulue})
    fiche.ruptures[contrat.debut] = voulue
    return True


def ajouter_un_contrat(annee: Annee, fiche: Fiche) -> bool:
    """A new contract that the ERP has not sent: it closes the file."""
    jour = annee.au(fiche)
    faits = fiche.faits
    debut = annee.jour + timedelta(days=annee.hasard.randint(-8, 8))
    libre = jour is not None and jour.depuis is not None and jour.depuis < debut < faits.fin
    if (
        not libre
        or not fiche.stable(annee.jour)
        or fiche.ajoute
        or any(c.debut >= debut for c in faits.contrats)
    ):
        return False
    dits = {"debut": debut, "fin": faits.fin, "rupture": None, "employeur_siret": None}
    ouvert = queries.a_corriger(fiche.effectif_id, verrou=True)
    version, brouillon = ouvert.effectif.version, contrats_manuels.brouillon(ouvert)
    changements.d_ajout(ouvert, brouillon, dits, version=version, jour=annee.jour)
    contrats_manuels.ajouter(ouvert, dits, pourquoi=POURQUOI, maintenant=horloge.maintenant())
    fiche.ajoute = Contrat(debut, faits.fin)
    return True


def defaire_ses_corrections(_annee: Annee, fiche: Fiche) -> bool:
    if not (fiche.ruptures or fiche.ajoute or fiche.exclusion):
        return False
    ouvert = queries.a_corriger(fiche.effectif_id, verrou=True)
    correction.annuler(ouvert, [c.id for c in ouvert.corrections], maintenant=horloge.maintenant())
    fiche.ruptures, fiche.ajoute, fiche.exclusion = {}, None, None
    return True


def dire_sorti(annee: Annee, fiche: Fiche) -> bool:
    """« Toujours au CFA ? » Non."""
    jour = annee.au(fiche)
    if jour is None or jour.depuis is None or fiche.faits.exclusion:
        return False
    le = max(jour.depuis, annee.jour - timedelta(days=annee.hasard.randint(0, 12)))
    ouvert = queries.a_corriger(fiche.effectif_id, verrou=True)
    sortie = service_dossier.Sortie(
        le=le, motif="SORTI", version=ouvert.effectif.version, cle_formulaire=str(uuid4())
    )
    service_dossier.sortir(annee.ouverts[fiche.effectif_id], ouvert, sortie, maintenant=horloge.maintenant())
    fiche.exclusion = le
    return True


def dire_present(annee: Annee, fiche: Fiche) -> bool:
    jour = annee.au(fiche)
    if jour is None or jour.statut != ABANDON or not annee.ouvert(fiche):
        return False
    service_dossier.dire_present(annee.ouverts[fiche.effectif_id], maintenant=horloge.maintenant())
    return True


def mettre_a_la_corbeille(annee: Annee, fiche: Fiche) -> bool:
    """Taken out again, or left there for thirty days, then erased and sent again by the ERP."""
    if fiche.cle in annee.en_double:
        return False
    retrait = corbeille.retirer(
        fiche.effectif_id, motif="DOUBLON", commentaire=None, demande_id=None, maintenant=horloge.maintenant()
    )
    fiche.en_corbeille = True
    cle, effectif_id = retrait.id, fiche.effectif_id

    def restaurer() -> None:
        if fiche.en_corbeille and fiche.effectif_id == effectif_id:
            corbeille.restaurer(cle, maintenant=horloge.maintenant())
            fiche.en_corbeille = False
            annee.faits["restaurees"] += 1

    annee.promettre(annee.hasard.randint(2, 45), restaurer)
    return True


def s_opposer(annee: Annee, fiche: Fiche) -> bool:
    if fiche.cle in annee.en_double:
        return False
    service_oppositions.recevoir(
        fiche.effectif_id, annee.jour, maintenant=horloge.maintenant(), jour=annee.jour
    )
    fiche.opposee = True
    effectif_id = fiche.effectif_id

    def lever() -> None:
        assert service_oppositions.lever(effectif_id, maintenant=horloge.maintenant())
        fiche.opposee = False
        annee.faits["levees"] += 1

    annee.promettre(annee.hasard.randint(5, 60), lever)
    return True


def declarer_parti(annee: Annee, fiche: Fiche) -> bool:
    """The CFA knows that the youth left for another CFA; sometimes it was wrong."""
    genre, jour = annee.ouvert(fiche), annee.au(fiche)
    encore = fiche.faits != fiche.dits[-1][1]  # what is still to be told would be another story
    if genre is None or jour is None or jour.depuis is None or encore:
        return False
    le = max(jour.depuis + UN_JOUR, annee.jour - timedelta(days=annee.hasard.randint(0, 12)))
    if le > annee.jour:
        return False
    dossier_id = annee.ouverts[fiche.effectif_id]
    departs.declarer_depart(dossier_id, le, jour=annee.jour)
    fiche.partis[genre] = le

    def revenir() -> None:
        departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())
        del fiche.partis[genre]
        annee.faits["revenus"] += 1

    if annee.hasard.random() < 0.5:
        annee.promettre(annee.hasard.randint(1, 30), revenir)
    return True


SUR_UN_DOSSIER: Final[tuple[Geste, ...]] = (dire_sorti, dire_present, ajouter_un_contrat, declarer_parti)
GESTES: Final[tuple[Geste, ...]] = (
    *(corriger_la_rupture, annuler_la_rupture, declarer_une_rupture, defaire_ses_corrections),
    *(mettre_a_la_corbeille, s_opposer),
    *SUR_UN_DOSSIER,
)
