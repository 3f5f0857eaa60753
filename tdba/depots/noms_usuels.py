"""How columns are usually called in extracts of management software, and the field that each name means. Pure.

A name is compared as a set of words, once accents, punctuation, empty words and usual short forms are gone: "Date de
début du contrat" and "DT_DEB_CONTRAT" are the same. Names are added here, with a test, whenever an extract has another.
"""

import re
import unicodedata
from functools import lru_cache

from tdba.transmissions.champs import NOMS, SUFFIXES_DE_CONTRAT

NOM_ET_PRENOM = "nom_et_prenom_apprenant"
PRENOM_ET_NOM = "prenom_et_nom_apprenant"
COMPOSES = (NOM_ET_PRENOM, PRENOM_ET_NOM)
"""Targets of a column that holds two fields: see `conversion`."""

A_CORRIGER = "À corriger"
"""The column that we add to a list of errors, and ignore when it comes back (`fichier_erreurs`)."""

CIBLES = (*NOMS, *COMPOSES)

Mots = frozenset[str]

_MOTS_VIDES = """
    a au aux d de des du e en et l la le les n no num numero nr obligatoire code apprenant apprenante apprenants
    apprenti apprentie alternant alternante candidat eleve etudiant jeune stagiaire individu beneficiaire
    jj mm aaaa yyyy format dd
"""
_VIDES = frozenset(_MOTS_VIDES.split())
_FORMES = {
    "dt": "date", "dte": "date", "dat": "date", "naiss": "naissance", "nais": "naissance", "ddn": "naissance",
    "ne": "naissance", "nee": "naissance", "tel": "telephone", "telephonique": "telephone", "portable": "telephone",
    "mobile": "telephone", "gsm": "telephone", "mail": "email", "courriel": "email", "mel": "email", "mails": "email",
    "deb": "debut", "demarrage": "debut", "commencement": "debut", "ctr": "contrat", "ctrt": "contrat",
    "entreprise": "employeur", "societe": "employeur", "ent": "employeur", "etp": "employeur", "etab": "site",
    "etablissement": "site", "ets": "site", "form": "formation", "formateur": "formateur", "resp": "responsable",
    "responsables": "responsable", "gestionnaire": "responsable", "signataire": "responsable", "siege": "responsable",
    "adr": "adresse", "rue": "adresse", "civ": "civilite", "genre": "sexe", "prenoms": "prenom", "pnom": "prenom",
    "rupt": "rupture", "resiliation": "rupture", "cause": "motif", "raison": "motif", "postale": "postal",
    "cp": "postal", "nir": "nir", "secu": "nir", "nss": "nir", "commune": "commune", "ville": "commune",
    "annuel": "annee", "an": "annee", "promotion": "promotion", "diplome": "diplome", "intitule": "libelle",
    "parents": "representant", "parent": "representant", "legal": "representant",
    "referent": "referent", "handicape": "handicap", "th": "rqth", "of": "organisme",
}  # fmt: skip

# Fields, and the names they go by besides that of the API. Short forms and empty words are left out.
_USUELS: dict[str, str] = {
    "nom_apprenant": "nom | nom naissance | nom famille | nom usage | nom patronymique | nom jeune fille | patronyme",
    "prenom_apprenant": "prenom | prenom usage | prenom 1 | premier prenom | prenom naissance",
    "date_de_naissance_apprenant": "naissance | date naissance | jour naissance",
    "id_erp_apprenant": "id | identifiant | matricule | ref | reference | id erp | dossier | id dossier | cle | id unique",
    "sexe_apprenant": "sexe | civilite | titre | sexe civilite",
    "code_postal_de_naissance_apprenant": "postal naissance | postal lieu naissance | postal commune naissance",
    "code_commune_insee_de_naissance_apprenant": "insee naissance | insee commune naissance | insee lieu naissance",
    "email_contact": "email | adresse email | email contact | email personnel | email perso | e-mail | adresse e-mail",
    "adresse_apprenant": "adresse | adresse 1 | adresse postal | adresse domicile | adresse complete | adresse ligne 1 | adresse voie | voie",
    "code_postal_apprenant": "postal | postal domicile | postal adresse | postal residence",
    "code_commune_insee_apprenant": "insee | insee commune | commune insee | insee domicile",
    "ine_apprenant": "ine | identifiant national | ine rnie | identifiant national ine",
    "tel_apprenant": "telephone | telephone 1 | telephone telephone | telephone contact | telephone personnel | telephone perso",
    "rqth_apprenant": "rqth | handicap | reconnaissance handicap | travailleur handicap | reconnaissance travailleur handicap",
    "date_rqth_apprenant": "date rqth | date reconnaissance rqth | rqth date debut",
    "responsable_apprenant_mail1": "email representant | email representant 1 | email responsable | email responsable 1 | email pere | email responsable representant | email responsable representant 1",
    "responsable_apprenant_mail2": "email representant 2 | email responsable 2 | email mere | email responsable representant 2",
    "dernier_organisme_uai": "dernier organisme | uai origine | rne origine | uai precedent | uai site origine | uai site precedent | uai dernier site | uai dernier organisme",
    "derniere_situation": "derniere situation | situation precedente | situation n 1 | situation n-1 | situation avant | sit n 1",
    "type_cfa": "type cfa",
    "etablissement_responsable_uai": "uai responsable | uai site responsable | uai cfa | uai organisme | rne cfa | uai cfa responsable | uai organisme responsable",
    "etablissement_responsable_siret": "siret responsable | siret site responsable | siret cfa | siret organisme | siret cfa responsable | siret organisme responsable",
    "etablissement_formateur_uai": "uai | rne | uai site | uai formateur | uai formation | uai site formation | uai site formateur | uai organisme formateur | uai uf | uai antenne | rne site",
    "etablissement_formateur_siret": "siret | siret site | siret formateur | siret formation | siret site formation | siret site formateur | siret organisme formateur | siret antenne",
    "etablissement_lieu_de_formation_uai": "uai lieu | uai lieu formation",
    "etablissement_lieu_de_formation_siret": "siret lieu | siret lieu formation",
    "etablissement_lieu_de_formation_adresse": "adresse lieu formation | adresse site | adresse site formation",
    "etablissement_lieu_de_formation_code_postal": "postal lieu formation | postal site | postal site formation",
    "annee_scolaire": "annee scolaire | annee universitaire | campagne | millesime | session | periode scolaire",
    "annee_formation": "annee formation | annee cycle | niveau annee | annee cursus | annee parcours | annee",
    "formation_rncp": "rncp | rncp formation | formation rncp | fiche rncp | rncp diplome | diplome rncp | rncp titre",
    "formation_cfd": "cfd | diplome cfd | formation diplome cfd | diplome education nationale | scolarite | formation cfd",
    "date_inscription_formation": "date inscription | inscription | inscrit | date inscription formation | date dossier",
    "date_entree_formation": "date entree | entree formation | date entree formation | debut formation | date debut formation | debut cycle | date debut session | date debut cycle",
    "date_fin_formation": "fin formation | date fin formation | fin prevue formation | date fin prevue formation | date fin prevue | sortie prevue | date fin session | date fin cycle | date sortie prevue",
    "duree_theorique_formation_mois": "duree formation mois | duree mois | duree theorique mois | duree theorique formation mois | duree formation",
    "libelle_court_formation": "formation | libelle formation | libelle court formation | nom formation | diplome | diplome prepare | diplome vise | libelle diplome | diplome libelle | titre prepare | section | classe | groupe formation",
    "obtention_diplome_formation": "obtention diplome | diplome obtenu | resultat examen | admis | obtenu",
    "date_obtention_diplome_formation": "date obtention | date obtention diplome | date diplome",
    "date_exclusion_formation": "date exclusion | date abandon | date sortie | date sortie formation | sortie | date abandon formation | date sortie anticipee | date depart | date exclusion formation",
    "cause_exclusion_formation": "motif sortie | motif exclusion | motif abandon | motif sortie formation | motif depart | motif exclusion formation",
    "formation_presentielle": "presentiel | formation presentiel | presentielle | distanciel non",
    "nom_referent_handicap_formation": "nom referent handicap | referent handicap | referent handicap nom formation",
    "prenom_referent_handicap_formation": "prenom referent handicap | prenom referent handicap formation",
    "email_referent_handicap_formation": "email referent handicap | email referent handicap formation",
}  # fmt: skip
_USUELS_DE_CONTRAT: dict[str, str] = {
    "contrat_date_debut": "debut contrat | date debut contrat | contrat date debut | debut execution contrat | date debut execution contrat | date contrat | contrat debut execution",
    "contrat_date_fin": "fin contrat | date fin contrat | fin prevue contrat | date fin prevue contrat | contrat fin execution | terme contrat",
    "siret_employeur": "siret employeur | siret site employeur | siret employeur accueil | siret employeur contrat",
    "contrat_date_rupture": "rupture | date rupture | date rupture contrat | rupture contrat | date rupture anticipee | date rupture effective | date effet rupture",
    "cause_rupture_contrat": "motif rupture | motif rupture contrat | libelle motif rupture",
}  # fmt: skip

_NIR = (
    "nir",
    "securite sociale",
    "securite social",
    "ss",
    "insee 13",
    "immatriculation sociale",
    "assure social",
)
_RANGS = {"1": "", "1er": "", "1ere": "", "premier": "", "2": "_2", "2e": "_2", "2eme": "_2", "second": "_2",
          "3": "_3", "3e": "_3", "3eme": "_3", "4": "_4", "4e": "_4", "4eme": "_4"}  # fmt: skip
_MORCEAUX = re.compile(r"[a-z]+|[0-9]+(?:ere|er|eme|e)?(?![a-z])|[0-9]+")
_LONGUEUR = 200


def normaliser(entete: str) -> str:
    """Return a name of column without case, accents nor punctuation: what makes two columns the same one."""
    sans_accents = "".join(
        c for c in unicodedata.normalize("NFKD", entete[:_LONGUEUR]) if not unicodedata.combining(c)
    )
    return " ".join(re.findall(r"[a-z0-9]+", sans_accents.casefold()))


def mots(entete: str) -> Mots:
    return frozenset(_mots(entete))


def _mots(entete: str) -> list[str]:
    entiers = _MORCEAUX.findall(normaliser(entete).replace("e mail", "email"))
    return [_FORMES.get(mot, mot) for mot in entiers if mot not in _VIDES]


def _table(usuels: dict[str, str]) -> dict[Mots, str]:
    table: dict[Mots, str] = {}
    for champ, noms in usuels.items():
        for nom in noms.split("|"):
            table.setdefault(mots(nom), champ)
    return table


_CHAMP_PAR_MOTS = _table(_USUELS)
_CONTRAT_PAR_MOTS = _table(_USUELS_DE_CONTRAT)
_CHAMP_PAR_NOM = {normaliser(nom): nom for nom in CIBLES}
_MOTS_DU_NIR = tuple(mots(nom) for nom in _NIR)
_SUFFIXES_CONNUS = frozenset(SUFFIXES_DE_CONTRAT)


@lru_cache(maxsize=4096)
def champ_de_l_api(entete: str) -> str | None:
    """Return the field whose very name this is, as in the template: stars and blanks do not count."""
    return _CHAMP_PAR_NOM.get(normaliser(entete))


@lru_cache(maxsize=4096)
def champ_usuel(entete: str) -> str | None:
    """Return the field that this name usually means, or None."""
    if exact := champ_de_l_api(entete):
        return exact
    liste = _mots(entete)
    ensemble = frozenset(liste)
    if not ensemble or est_un_nir(entete):
        return None
    if {"nom", "prenom"} <= ensemble <= {"nom", "prenom", "naissance", "usage", "famille"}:
        return NOM_ET_PRENOM if liste.index("nom") < liste.index("prenom") else PRENOM_ET_NOM
    return _champ_de_contrat(liste) or _CHAMP_PAR_MOTS.get(ensemble)


def _champ_de_contrat(liste: list[str]) -> str | None:
    """A field of a contract, whose rank is a number among the words: "Contrat 2 - date de début"."""
    suffixes = {_RANGS[mot] for mot in liste if mot in _RANGS}
    champ = _CONTRAT_PAR_MOTS.get(frozenset(mot for mot in liste if mot not in _RANGS))
    if champ is None or len(suffixes) > 1:
        return None
    suffixe = suffixes.pop() if suffixes else ""
    return champ + suffixe if suffixe in _SUFFIXES_CONNUS else None


@lru_cache(maxsize=4096)
def est_un_nir(entete: str) -> bool:
    """Say whether a column is named as one of social-security numbers, which are never read (decision 16)."""
    ensemble = mots(entete)
    return "nir" in ensemble or any(interdit <= ensemble for interdit in _MOTS_DU_NIR)
