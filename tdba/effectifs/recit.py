"""The story of a record, as this slice knows it: corrected, put aside, moved, read, exported (issue 5, part 9).

Values of contact data are not told: they are shown with the others, on demand (decision 21). Who read is for the CFA
and for support: a network reads what was done with the record, not who of the CFA looked at it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from tdba.effectifs import queries_journal
from tdba.effectifs.ajouts import Fait
from tdba.effectifs.motifs import TOUS
from tdba.effectifs.motifs_gestes import TOUS_LES_RETRAITS, TRANSFERTS
from tdba.effectifs.queries_fiche import CorrectionVue, GesteLu, HistoireLue
from tdba.effectifs.queries_journal import EXPORTS, OUVERTURE, SUPPORT, Auteur, Trace
from tdba.effectifs.service import CONTACT, lue
from tdba.effectifs.vue_fiche import libelle
from tdba.formats import INSECABLE, date_longue, liste_et, quantite

ASSISTANCE: Final = "l’assistance"


def gestes(histoire: HistoireLue) -> list[Fait]:
    """Corrections with their values, withdrawals, transfers; and what undid them."""
    defaits = any(c.etat == "ANNULEE" for c in histoire.corrections) or any(
        t.defait_le for t in histoire.transferts
    )
    qui = (
        {a.cle: _qui(a.auteur) for a in queries_journal.annulations(histoire.effectif.id)} if defaits else {}
    )
    faits = [fait for c in histoire.corrections for fait in _corrections(c, qui.get(("correction", c.id)))]
    for r in histoire.retraits:
        pourquoi = _pourquoi(TOUS_LES_RETRAITS, r.motif)
        faits.append(Fait(r.cree_le, "CORBEILLE", f"Mise à la corbeille{pourquoi}.", _auteur(r)))
        if r.defait_le:
            faits.append(Fait(r.defait_le, "CORBEILLE", "Sortie de la corbeille.", r.defait_par))
    for t in histoire.transferts:
        phrase = f"Transférée de {t.ancien} à {t.nouveau}{_pourquoi(TRANSFERTS, t.motif)}."
        faits.append(Fait(t.cree_le, "TRANSFERT", phrase, _auteur(t)))
        if t.defait_le:
            faits.append(Fait(t.defait_le, "TRANSFERT", "Transfert annulé.", qui.get(("transfert", t.id))))
    return faits


def _corrections(c: CorrectionVue, annulee_par: str | None) -> list[Fait]:
    faits = [Fait(c.cree_le, "CORRIGE", _correction(c), _auteur(c))]
    if c.close_le is not None and c.etat == "REJOINTE":
        phrase = f"{libelle(c.champ)}{INSECABLE}: votre ERP envoie désormais la valeur corrigée."
        faits.append(Fait(c.close_le, "CORRIGE", phrase))
    if c.close_le is not None and c.etat == "ANNULEE":
        phrase = f"{libelle(c.champ)}{INSECABLE}: correction annulée."
        faits.append(Fait(c.close_le, "CORRIGE", phrase, annulee_par))
    return faits


def _correction(c: CorrectionVue) -> str:
    pourquoi = _pourquoi(TOUS, c.motif)
    if c.champ in CONTACT:
        return f"{libelle(c.champ)}{INSECABLE}: valeur changée{pourquoi}."
    if c.champ == "contrat":
        return f"Contrat {'ajouté à la main' if c.valeur else 'retiré'}{pourquoi}."
    avant, apres = (_valeur(c.champ, texte) for texte in (c.valeur_avant, c.valeur))
    return f"{libelle(c.champ)}{INSECABLE}: {avant} devient {apres}{pourquoi}."


def _pourquoi(mots: Mapping[str, str], motif: str) -> str:
    phrase = mots.get(motif, "")
    return f" ({phrase[:1].lower()}{phrase[1:]})" if phrase else ""


def _auteur(lu: CorrectionVue | GesteLu) -> str:
    if lu.demande_id:
        return f"{ASSISTANCE} (demande n°{INSECABLE}{lu.demande_id})"
    return f"{lu.auteur}, {lu.organisation}"


def _valeur(champ: str, texte: str | None) -> str:
    valeur = lue(champ, texte)
    if valeur is None:
        return "aucune valeur"
    return date_longue(valeur) if isinstance(valeur, date) else f"«{INSECABLE}{valeur}{INSECABLE}»"


def lectures(effectif_id: int) -> list[Fait]:
    """Who read the record, took it away in a file, opened it for support. For a record within reach."""
    lues = queries_journal.traces(effectif_id)
    demandes = {t.habilitation_id: t.demande_id for t in reversed(lues) if t.evenement == OUVERTURE}
    return [fait for t in lues for fait in _faits(t, demandes)]


def _faits(t: Trace, demandes: Mapping[int | None, str | None]) -> list[Fait]:
    auteur = _qui(t.auteur, t.demande_id or demandes.get(t.habilitation_id))
    if t.evenement == OUVERTURE:
        return [Fait(t.le, "LU", "L’assistance a demandé à ouvrir la fiche.", auteur)]
    if t.evenement in EXPORTS:
        return [Fait(t.le, "EXPORTE", "La fiche fait partie d’une liste exportée.", auteur)]
    emportee = [Fait(t.le, "EXPORTE", "La fiche fait partie d’un fichier SIFA téléchargé.", auteur)]
    lue = [Fait(t.le, "LU", _lecture(t), auteur)] if t.ouvertures or t.listes or t.coordonnees else []
    return lue + (emportee if t.emportees else [])


def _lecture(t: Trace) -> str:
    morceaux: Sequence[str] = [
        phrase
        for n, phrase in (
            (t.ouvertures, f"fiche ouverte {quantite(t.ouvertures, 'fois')}"),
            (t.coordonnees, f"coordonnées affichées {quantite(t.coordonnees, 'fois')}"),
            (t.listes, f"nom lu dans une liste {quantite(t.listes, 'fois')}"),
        )
        if n
    ]
    phrase = liste_et(morceaux)
    return f"{phrase[:1].upper()}{phrase[1:]}."


def _qui(auteur: Auteur, demande: str | None = None) -> str:
    if auteur.type_organisation == SUPPORT:
        return f"{ASSISTANCE} (demande n°{INSECABLE}{demande})" if demande else ASSISTANCE
    if auteur.nom is None:
        return f"l’ERP de {auteur.organisme}" if auteur.organisme else "le service"
    return f"{auteur.nom}, {auteur.organisation}" if auteur.organisation else auteur.nom
