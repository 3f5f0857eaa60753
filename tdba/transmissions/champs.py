"""The fields a line may carry: one row a field, the only place that knows them all. Pure.

Source: domain.md §4.2 (fields and rules), §4.3 (what a spreadsheet gives), decision 13 (fields set aside), decision 16.
A key that is not here is ignored when a line is read, and removed when it is stored (domain.md §4.1).
`nir_apprenant` is deliberately absent: it is never read, never kept, and its presence is not recorded.
"""

from typing import NamedTuple

from tdba.transmissions import dates, normes
from tdba.transmissions.normes import Normaliseur

ERP = "ERP"
FICHIER = "FICHIER"
SOURCES = (ERP, FICHIER)

# A line carries up to four contracts, told apart by the end of the name of their fields.
SUFFIXES_DE_CONTRAT = ("", "_2", "_3", "_4")


class Champ(NamedTuple):
    """One field: how each source writes it, in which sources it is required, what becomes of a wrong value."""

    nom: str
    erp: Normaliseur
    fichier: Normaliseur
    obligatoire: tuple[str, ...] = ()
    mis_de_cote: bool = False  # wrong: kept as received, not used, an anomaly later; the line is not refused
    sifa: bool = False  # only for the SIFA survey; dropped before storage when it is off


def _champ(
    nom: str,
    erp: Normaliseur,
    fichier: Normaliseur | None = None,
    *,
    requis: tuple[str, ...] = (),
    mis_de_cote: bool = False,
    sifa: bool = False,
) -> Champ:
    return Champ(nom, erp, fichier or erp, requis, mis_de_cote, sifa)


def _texte(nom: str, *, requis: tuple[str, ...] = ()) -> Champ:
    """Free text; a spreadsheet turns "31" into a number, which is still that text."""
    return _champ(nom, normes.texte, normes.texte_ou_nombre, requis=requis)


def _date(nom: str, *, requis: tuple[str, ...] = (), sifa: bool = False) -> Champ:
    return _champ(nom, dates.date_iso, dates.date_de_cellule, requis=requis, sifa=sifa)


def _booleen(nom: str, *, sifa: bool = False) -> Champ:
    return _champ(nom, normes.booleen, normes.booleen_de_cellule, sifa=sifa)


def _contrat(suffixe: str) -> tuple[Champ, ...]:
    return (
        _date(f"contrat_date_debut{suffixe}"),
        _date(f"contrat_date_fin{suffixe}"),
        _champ(f"siret_employeur{suffixe}", normes.siret_secondaire, mis_de_cote=True),
        _date(f"contrat_date_rupture{suffixe}"),
        _texte(f"cause_rupture_contrat{suffixe}"),
    )


_TOUJOURS = SOURCES
_AU_TELEVERSEMENT = (FICHIER,)

# In the order of the upload template: errors are listed in this order.
CHAMPS: tuple[Champ, ...] = (
    _champ("nom_apprenant", normes.nom, requis=_TOUJOURS),
    _texte("prenom_apprenant", requis=_TOUJOURS),
    _date("date_de_naissance_apprenant", requis=_TOUJOURS),
    _champ("id_erp_apprenant", normes.identifiant, requis=(ERP,)),  # made by us for a file (domain.md §4.3)
    _champ("sexe_apprenant", normes.sexe, requis=_AU_TELEVERSEMENT),
    _champ("code_postal_de_naissance_apprenant", normes.code_postal_secondaire, mis_de_cote=True),
    _champ("code_commune_insee_de_naissance_apprenant", normes.code_insee),
    _champ("email_contact", normes.email, requis=_AU_TELEVERSEMENT),
    _champ("adresse_apprenant", normes.adresse, normes.adresse_de_cellule, requis=_AU_TELEVERSEMENT),
    _champ("code_postal_apprenant", normes.code_postal, requis=_AU_TELEVERSEMENT),
    _champ("code_commune_insee_apprenant", normes.code_insee),
    _champ("ine_apprenant", normes.ine),
    _champ("tel_apprenant", normes.telephone),
    _booleen("rqth_apprenant", sifa=True),
    _date("date_rqth_apprenant", sifa=True),
    _champ("responsable_apprenant_mail1", normes.email),
    _champ("responsable_apprenant_mail2", normes.email),
    _champ("dernier_organisme_uai", normes.dernier_organisme),
    _champ("derniere_situation", normes.situation),
    _champ("type_cfa", normes.type_cfa),
    _champ("statut_apprenant", normes.statut),
    _date("date_metier_mise_a_jour_statut"),
    _champ("custom_statut_apprenant", normes.texte_ou_nombre),
    _champ("etablissement_responsable_uai", normes.uai, requis=_TOUJOURS),
    _champ("etablissement_responsable_siret", normes.siret, requis=_TOUJOURS),
    _champ("etablissement_formateur_uai", normes.uai, requis=_TOUJOURS),
    _champ("etablissement_formateur_siret", normes.siret, requis=_TOUJOURS),
    _champ("etablissement_lieu_de_formation_uai", normes.uai),
    _champ("etablissement_lieu_de_formation_siret", normes.siret_secondaire, mis_de_cote=True),
    _champ("etablissement_lieu_de_formation_adresse", normes.adresse, normes.adresse_de_cellule),
    _champ("etablissement_lieu_de_formation_code_postal", normes.code_postal),
    _champ("annee_scolaire", normes.annee_scolaire, requis=_TOUJOURS),
    _champ("annee_formation", normes.annee_de_formation, requis=_AU_TELEVERSEMENT),
    _champ("formation_rncp", normes.rncp),
    _champ("formation_cfd", normes.cfd),
    _date("date_inscription_formation", requis=_TOUJOURS),
    _date("date_entree_formation", requis=_TOUJOURS),
    _date("date_fin_formation", requis=_TOUJOURS),
    _champ("duree_theorique_formation", normes.duree_en_annees, mis_de_cote=True),
    _champ("duree_theorique_formation_mois", normes.duree_en_mois, mis_de_cote=True),
    _champ("libelle_court_formation", normes.libelle),
    _booleen("obtention_diplome_formation"),
    _date("date_obtention_diplome_formation"),
    _date("date_exclusion_formation"),
    _texte("cause_exclusion_formation"),
    _booleen("formation_presentielle"),
    _texte("nom_referent_handicap_formation"),
    _texte("prenom_referent_handicap_formation"),
    _champ("email_referent_handicap_formation", normes.email),
    *(champ for suffixe in SUFFIXES_DE_CONTRAT for champ in _contrat(suffixe)),
)

NOMS = tuple(champ.nom for champ in CHAMPS)
RANGS = {nom: rang for rang, nom in enumerate(NOMS)}
CHAMPS_SIFA = frozenset(champ.nom for champ in CHAMPS if champ.sifa)
CHAMPS_MIS_DE_COTE = frozenset(champ.nom for champ in CHAMPS if champ.mis_de_cote)
# Where an ERP or a hurried hand may have put a social-security number in place of an identifier.
IDENTIFIANTS_DE_PERSONNE = ("id_erp_apprenant", "ine_apprenant")
OBLIGATOIRES = {
    source: frozenset(champ.nom for champ in CHAMPS if source in champ.obligatoire) for source in SOURCES
}

# The couples whose keys are checked, UAI then SIRET (decision 13).
COUPLES_OBLIGATOIRES = (
    ("etablissement_responsable_uai", "etablissement_responsable_siret"),
    ("etablissement_formateur_uai", "etablissement_formateur_siret"),
)


def normaliseurs(source: str, *, sifa: bool) -> dict[str, Normaliseur]:
    """Return the normaliser of each field that this source may send, without the SIFA ones when it is off."""
    return {
        champ.nom: champ.fichier if source == FICHIER else champ.erp
        for champ in CHAMPS
        if sifa or not champ.sifa
    }
