"""The fields of a line as a document describes them: one rule for each normaliser, one sentence for each field. Pure.

A field added to `champs` appears by itself; a normaliser added to `normes` without its rule here stops the boot.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tdba.transmissions import dates, normes, refus
from tdba.transmissions.champs import CHAMPS, CHAMPS_SIFA, ERP, SUFFIXES_DE_CONTRAT, Champ
from tdba.transmissions.normes import LONGUEUR_ADRESSE, LONGUEUR_TEXTE, Normaliseur
from tdba.transmissions.refus import Refus

MIS_DE_COTE: Final = "La valeur est gardée sans être utilisée ; la ligne n’est pas refusée."
SIFA: Final = "Le champ est ignoré aujourd’hui, juste ou faux : il ne sert qu’à l’enquête SIFA."


class Regle(NamedTuple):
    """What a normaliser accepts, does, and answers."""

    schema: Mapping[str, Any]
    accepte: str
    transformation: str
    refus: tuple[Refus, ...]


class ChampDecrit(NamedTuple):
    """One field as the page and the document say it."""

    nom: str
    obligatoire: bool
    description: str
    accepte: str
    transformation: str
    si_faux: str
    schema: Mapping[str, Any]


def _motif(expression: str) -> str:
    return f"^(?:{expression})$"


def _texte(maximum: int, **schema: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": maximum} | schema


_ROGNE: Final = "Espaces de début et de fin retirés."
_TEXTE: Final = f"Texte de {LONGUEUR_TEXTE} caractères au plus"
_TROP_LONG: Final = (refus.TEXTE_ATTENDU, refus.texte_trop_long(LONGUEUR_TEXTE), refus.RESSEMBLE_A_UN_NIR)
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_RNCP: Final = normes.RNCP.pattern.removeprefix("RNCP")

_TEXTE_LIBRE: Final = Regle(_texte(LONGUEUR_TEXTE), f"{_TEXTE}.", _ROGNE, _TROP_LONG)
_IDENTIFIANT: Final = Regle(
    _texte(LONGUEUR_TEXTE) | {"type": ["string", "number"]}, f"{_TEXTE}, ou nombre.", _ROGNE, _TROP_LONG
)
_SIRET: Final = Regle(
    {"type": ["string", "number"], "pattern": _motif(normes.SIRET.pattern)},
    "SIRET de 14 chiffres.",
    "Espaces, points et tirets retirés.",
    (refus.SIRET_INVALIDE,),
)
_CODE_POSTAL: Final = Regle(
    {"type": ["string", "number"], "pattern": _motif(normes.CODE_POSTAL.pattern)},
    "Code postal de 5 chiffres.",
    "Complété par des zéros à gauche.",
    (refus.CODE_POSTAL_INVALIDE,),
)


def _entier(accepte: str, *raisons: Refus, **schema: Any) -> Regle:
    return Regle({"type": "integer"} | schema, accepte, "Un texte qui écrit ce nombre est accepté.", raisons)


REGLES: Final[Mapping[Normaliseur, Regle]] = {
    normes.texte: _TEXTE_LIBRE,
    normes.texte_ou_nombre: _IDENTIFIANT,
    normes.nom: _TEXTE_LIBRE._replace(
        schema=_texte(LONGUEUR_TEXTE, minLength=1), transformation=f"{_ROGNE} Mis en majuscules."
    ),
    normes.adresse: Regle(
        _texte(LONGUEUR_ADRESSE),
        f"Texte de {LONGUEUR_ADRESSE} caractères au plus.",
        _ROGNE,
        (refus.TEXTE_ATTENDU, refus.texte_trop_long(LONGUEUR_ADRESSE), refus.RESSEMBLE_A_UN_NIR),
    ),
    normes.identifiant: _IDENTIFIANT,
    normes.ine: _IDENTIFIANT._replace(transformation=f"{_ROGNE} Mis en majuscules."),
    normes.libelle: Regle(
        _texte(LONGUEUR_TEXTE, minLength=2),
        f"Texte de 2 à {LONGUEUR_TEXTE} caractères.",
        _ROGNE,
        (refus.TEXTE_TROP_COURT, *_TROP_LONG),
    ),
    normes.email: Regle(
        _texte(LONGUEUR_TEXTE, pattern=_motif(normes.EMAIL.pattern)),
        "Adresse électronique. Un texte vide est refusé : n’envoyez pas le champ.",
        _ROGNE,
        (refus.EMAIL_INVALIDE, *_TROP_LONG),
    ),
    normes.telephone: Regle(
        {"type": ["string", "number"]},
        "Numéro de téléphone français ou international.",
        "Espaces, points, tirets et parenthèses retirés ; gardé en 0XXXXXXXXX en métropole, au format E.164 ailleurs.",
        (refus.FORMAT_INVALIDE, refus.TELEPHONE_INVALIDE, refus.TELEPHONE_SPECIAL),
    ),
    normes.booleen: Regle({"type": "boolean"}, "true ou false.", "", (refus.BOOLEEN_ATTENDU,)),
    normes.statut: _entier(
        "0 (abandon), 2 (inscrit) ou 3 (apprenti).", refus.STATUT_INVALIDE, enum=sorted(normes.STATUTS)
    ),
    normes.situation: _entier(
        "Code de situation de l’année passée, de la nomenclature SIFA. 0 vaut « non renseigné ».",
        refus.SITUATION_INVALIDE,
        enum=[0, *sorted(normes.SITUATIONS)],
    ),
    normes.annee_de_formation: _entier(
        "Nombre de 0 à 5.", refus.ANNEE_TROP_GRANDE, refus.ANNEE_TROP_PETITE, minimum=0, maximum=5
    ),
    normes.duree_en_annees: _entier("Nombre de 1 à 4.", refus.DUREE_INVALIDE, minimum=1, maximum=4),
    normes.duree_en_mois: _entier("Nombre de 1 à 48.", refus.DUREE_INVALIDE, minimum=1, maximum=48),
    normes.annee_scolaire: Regle(
        {"type": "string", "pattern": _motif(normes.ANNEE_SCOLAIRE.pattern)},
        "Deux années identiques ou consécutives, comme 2026-2027.",
        "Barres obliques remplacées par un tiret, espaces retirés.",
        (refus.ANNEE_SCOLAIRE_INVALIDE,),
    ),
    normes.uai: Regle(
        {"type": "string", "pattern": _motif(normes.UAI.pattern)},
        "UAI de 7 chiffres et une lettre.",
        f"{_ROGNE} Mis en majuscules.",
        (refus.UAI_INVALIDE,),
    ),
    normes.siret: _SIRET,
    normes.siret_secondaire: _SIRET,
    normes.code_postal: _CODE_POSTAL,
    normes.code_postal_secondaire: _CODE_POSTAL,
    normes.code_insee: Regle(
        {"type": ["string", "number"], "pattern": _motif(normes.CODE_INSEE.pattern)},
        "Code INSEE de commune, sur 5 caractères.",
        "",
        (refus.FORMAT_INVALIDE,),
    ),
    normes.rncp: Regle(
        {"type": ["string", "number"], "pattern": _motif(f"(?:RNCP)?{_RNCP}")},
        "Code RNCP, avec ou sans son préfixe.",
        "Espaces, points et tirets retirés, préfixe RNCP ajouté, mis en majuscules.",
        (refus.RNCP_INVALIDE,),
    ),
    normes.cfd: Regle(
        {"type": ["string", "number"], "pattern": _motif(normes.CFD.pattern)},
        "Code formation diplôme, 8 lettres ou chiffres.",
        f"{_ROGNE} Mis en majuscules.",
        (refus.CFD_INVALIDE,),
    ),
    normes.sexe: Regle(
        {"type": ["string", "integer"], "enum": [*normes.SEXES, 1, 2]},
        "M ou F.",
        "H et 1 deviennent M, 2 devient F.",
        (refus.SEXE_INVALIDE,),
    ),
    normes.dernier_organisme: Regle(
        {"type": ["string", "number"], "pattern": _motif(normes.DERNIER_ORGANISME.pattern)},
        "UAI, ou numéro de département.",
        f"{_ROGNE} Mis en majuscules.",
        (refus.DERNIER_ORGANISME_INVALIDE,),
    ),
    normes.type_cfa: Regle(
        {"type": ["string", "integer"], "enum": sorted(normes.TYPES_CFA)},
        "Code de 01 à 10.",
        "Complété par un zéro à gauche.",
        (refus.TYPE_CFA_INVALIDE,),
    ),
    dates.date_iso: Regle(
        {"type": "string", "pattern": f"^{_DATE}"},
        "Date AAAA-MM-JJ, ou instant ISO 8601 qui commence ainsi.",
        "Le jour écrit est gardé ; un instant qui est minuit à Paris donne ce jour de Paris.",
        (refus.DATE_INVALIDE,),
    ),
}

_DESCRIPTIONS: Final[Mapping[str, str]] = {
    "nom_apprenant": "Nom de famille de l’apprenant.",
    "prenom_apprenant": "Prénom de l’apprenant.",
    "date_de_naissance_apprenant": "Date de naissance.",
    "id_erp_apprenant": "Identifiant de l’apprenant dans votre logiciel, stable d’un envoi à l’autre.",
    "sexe_apprenant": "Sexe de l’apprenant.",
    "code_postal_de_naissance_apprenant": "Code postal de la commune de naissance.",
    "code_commune_insee_de_naissance_apprenant": "Code INSEE de la commune de naissance.",
    "email_contact": "Adresse électronique de l’apprenant.",
    "adresse_apprenant": "Adresse de l’apprenant, sans code postal ni commune.",
    "code_postal_apprenant": "Code postal du domicile.",
    "code_commune_insee_apprenant": "Code INSEE de la commune du domicile.",
    "ine_apprenant": "Identifiant national élève.",
    "tel_apprenant": "Téléphone de l’apprenant.",
    "rqth_apprenant": "Reconnaissance de la qualité de travailleur handicapé.",
    "date_rqth_apprenant": "Date de cette reconnaissance.",
    "responsable_apprenant_mail1": "Adresse électronique du premier représentant légal.",
    "responsable_apprenant_mail2": "Adresse électronique du second représentant légal.",
    "dernier_organisme_uai": "Établissement fréquenté l’année précédente.",
    "derniere_situation": "Situation de l’année précédente.",
    "type_cfa": "Type du CFA.",
    "statut_apprenant": "Statut déclaré, pour les fiches sans dates de formation ; il s’ajoute à l’historique.",
    "date_metier_mise_a_jour_statut": "Jour où le statut déclaré a pris effet.",
    "custom_statut_apprenant": "Statut dans les mots de votre logiciel.",
    "etablissement_responsable_uai": "UAI de l’établissement responsable.",
    "etablissement_responsable_siret": "SIRET de l’établissement responsable.",
    "etablissement_formateur_uai": "UAI de l’établissement formateur : celui de la fiche.",
    "etablissement_formateur_siret": "SIRET de l’établissement formateur.",
    "etablissement_lieu_de_formation_uai": "UAI du lieu de formation.",
    "etablissement_lieu_de_formation_siret": "SIRET du lieu de formation.",
    "etablissement_lieu_de_formation_adresse": "Adresse du lieu de formation.",
    "etablissement_lieu_de_formation_code_postal": "Code postal du lieu de formation.",
    "annee_scolaire": "Année scolaire de la fiche.",
    "annee_formation": "Année dans le cycle de formation.",
    "formation_rncp": "Code RNCP de la certification visée.",
    "formation_cfd": "Code formation diplôme.",
    "date_inscription_formation": "Jour de l’inscription.",
    "date_entree_formation": "Premier jour de la formation.",
    "date_fin_formation": "Dernier jour de la formation, pas avant le premier.",
    "duree_theorique_formation": "Durée théorique en années ; la durée en mois passe avant elle.",
    "duree_theorique_formation_mois": "Durée théorique en mois.",
    "libelle_court_formation": "Nom court de la formation.",
    "obtention_diplome_formation": "Diplôme obtenu ou non.",
    "date_obtention_diplome_formation": "Jour de l’obtention du diplôme.",
    "date_exclusion_formation": "Jour de la sortie ou de l’exclusion de la formation.",
    "cause_exclusion_formation": "Cause de la sortie ou de l’exclusion.",
    "formation_presentielle": "Formation en présence, ou entièrement à distance.",
    "nom_referent_handicap_formation": "Nom du référent handicap.",
    "prenom_referent_handicap_formation": "Prénom du référent handicap.",
    "email_referent_handicap_formation": "Adresse électronique du référent handicap.",
    "contrat_date_debut": "Début du contrat. Sans lui, les autres champs du contrat refusent la ligne.",
    "contrat_date_fin": "Terme prévu du contrat.",
    "siret_employeur": "SIRET de l’employeur.",
    "contrat_date_rupture": "Jour de la rupture du contrat.",
    "cause_rupture_contrat": "Cause de la rupture.",
}


def decrire(champ: Champ) -> ChampDecrit:
    """What the document says of a field. Raises KeyError for a normaliser that has no rule."""
    regle, obligatoire = REGLES[champ.erp], ERP in champ.obligatoire
    description, schema = _description(champ.nom), dict(regle.schema)
    if not obligatoire:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        schema["type"] = [*types, "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    messages = " ; ".join(f"« {r.message} »" for r in regle.refus)
    si_faux = MIS_DE_COTE if champ.mis_de_cote else f"La ligne est refusée : {messages}."
    if champ.nom in CHAMPS_SIFA:
        si_faux = SIFA
    dits = (description, regle.accepte, regle.transformation, si_faux)
    schema["description"] = " ".join(dit for dit in dits if dit)
    return ChampDecrit(champ.nom, obligatoire, *dits, schema)


def _description(nom: str) -> str:
    """The sentence of a field; those of the second contract and after are those of the first."""
    for rang, suffixe in enumerate(SUFFIXES_DE_CONTRAT[1:], start=2):
        if nom not in _DESCRIPTIONS and nom.endswith(suffixe) and nom.removesuffix(suffixe) in _DESCRIPTIONS:
            return f"{_DESCRIPTIONS[nom.removesuffix(suffixe)]} (contrat n° {rang})"
    return _DESCRIPTIONS.get(nom, "")


CHAMPS_DECRITS: Final = tuple(decrire(champ) for champ in CHAMPS)
NOMS_DECRITS: Final = frozenset(_DESCRIPTIONS)
