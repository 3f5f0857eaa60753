"""Why lines are refused, in words of those who run a CFA: each cause, how to correct it, who acts. Pure.

Every sentence of `refus`, and those by which the intake refuses an establishment, have their cause here; a test holds
it. A sentence that has none yet is still shown, with what can be said of any.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from tdba.transmissions import refus


class Acteur(StrEnum):
    """Who can correct."""

    VOUS = "VOUS"
    ERP = "ERP"
    NOUS = "NOUS"


class Cause(NamedTuple):
    """One reason. `par_champ`: what is to be done depends on the field, so each field is counted apart."""

    code: str
    libelle: str
    comment: str
    acteur: Acteur = Acteur.VOUS
    par_champ: bool = True


def _etablissement(code: str, cote: str) -> Cause:
    return Cause(
        code,
        f"L’établissement {cote} n’est pas connu",
        f"Vérifiez le couple UAI et SIRET de l’établissement {cote} dans les paramètres de votre logiciel : les deux "
        "doivent être ceux du Référentiel national des organismes. S’ils sont justes, dites-nous dans « À régler » quel "
        "est cet établissement, ou écrivez au support : les lignes attendent, et seront reprises sans nouvel envoi.",
        par_champ=False,
    )


_ENVOI: Final = "puis transmettez à nouveau"
AUTRE: Final = Cause(
    "AUTRE",
    "Autre raison",
    f"Corrigez le champ indiqué selon le message, {_ENVOI}. Si le message n’est pas clair, écrivez au support.",
)
OBLIGATOIRE: Final = Cause(
    "OBLIGATOIRE",
    "Information obligatoire absente",
    f"Renseignez cette information sur la fiche de l’apprenant dans votre logiciel, {_ENVOI}. Si elle y est déjà, "
    "votre logiciel ne l’envoie pas : demandez à son éditeur de l’ajouter à l’envoi.",
)
INCONNU: Final = {
    "formateur": _etablissement("FORMATEUR_INCONNU", "formateur"),
    "responsable": _etablissement("RESPONSABLE_INCONNU", "responsable"),
}
NON_AUTORISE: Final = Cause(
    "NON_AUTORISE",
    "La clé d’API ne peut pas transmettre pour cet établissement",
    "L’établissement formateur doit être le vôtre, un de ceux dont vous êtes pleinement responsable, ou vous avoir donné "
    "une délégation : demandez-la à son administrateur, à la page « Délégations ». Sinon, corrigez l’établissement "
    "formateur dans votre logiciel.",
    par_champ=False,
)
DOUBLE: Final = Cause(
    "LIGNE_EN_DOUBLE",
    "La même fiche figure deux fois dans le fichier",
    "Seule la dernière des deux lignes sera enregistrée. Si c’est la bonne, il n’y a rien à faire ; sinon, corrigez celle "
    "qui se trompe de personne, d’établissement ou d’année.",
    par_champ=False,
)
FORMAT: Final = Cause(
    "FORMAT",
    "Valeur d’un autre type que celui attendu",
    "La valeur est juste à l’écran de votre logiciel mais envoyée dans un autre type (texte au lieu d’un nombre, par "
    "exemple) : transmettez ce message à l’éditeur de votre logiciel, qui doit corriger l’envoi.",
    Acteur.ERP,
)
CONTRAT: Final = Cause(
    "CONTRAT_INCOMPLET",
    "Contrat sans date de début",
    "Une fin, une rupture ou un motif de rupture est indiqué pour un contrat dont la date de début manque. Saisissez le "
    f"début du contrat dans votre logiciel, ou retirez la fin et la rupture si ce contrat n’existe pas, {_ENVOI}.",
    par_champ=False,
)
LONG: Final = Cause("TROP_LONG", "Texte trop long", f"Raccourcissez ce texte dans votre logiciel, {_ENVOI}.")


def _cause(code: str, mots: str, comment: str, acteur: Acteur = Acteur.VOUS) -> Cause:
    return Cause(code, mots, f"{comment}, {_ENVOI}.", acteur)


_UAI: Final = _cause(
    "UAI",
    "UAI mal écrite",
    "Une UAI compte sept chiffres et une lettre (0352440B). Corrigez-la dans les paramètres de l’établissement de votre "
    "logiciel",
)
_SIRET: Final = _cause(
    "SIRET",
    "SIRET mal écrit",
    "Un SIRET compte quatorze chiffres. Corrigez-le dans les paramètres de votre logiciel, en le recopiant de "
    "l’Annuaire des entreprises",
)
_TELEPHONE: Final = _cause(
    "TELEPHONE",
    "Numéro de téléphone impossible",
    "Corrigez le numéro sur la fiche de l’apprenant (dix chiffres, ou l’indicatif du pays), ou videz-le s’il n’est pas connu",
)

PAR_MESSAGE: Final[Mapping[str, Cause]] = {
    motif.message: cause
    for cause, motifs in (
        (OBLIGATOIRE, [refus.CHAMP_OBLIGATOIRE]),
        (
            FORMAT,
            [refus.TEXTE_ATTENDU, refus.NOMBRE_ATTENDU, refus.ENTIER_ATTENDU, refus.BOOLEEN_ATTENDU],
        ),
        (
            Cause(
                "LIGNE",
                "La ligne n’est pas lisible",
                "Votre logiciel a envoyé autre chose qu’une fiche d’apprenant : transmettez ce message à son éditeur.",
                Acteur.ERP,
                par_champ=False,
            ),
            [refus.LIGNE_INATTENDUE],
        ),
        (_cause("OUI_NON", "Oui ou non attendu", "Écrivez « oui » ou « non », ou laissez vide"), [refus.OUI_OU_NON_ATTENDU]),
        (
            _cause(
                "DATE",
                "Date impossible",
                "Cette date n’existe pas ou n’est pas écrite comme une date (30 février, texte libre). Corrigez-la sur la "
                "fiche de l’apprenant",
            ),
            [refus.DATE_INVALIDE],
        ),
        (_cause("TROP_COURT", "Texte trop court", "Écrivez l’intitulé en entier, deux lettres au moins"), [refus.TEXTE_TROP_COURT]),
        (
            _cause(
                "CARACTERE",
                "Caractère illisible",
                "Un caractère invisible s’est glissé dans ce texte, souvent par un copier-coller. Effacez le champ et "
                "saisissez-le à nouveau",
            ),
            [refus.CARACTERE_INTERDIT],
        ),
        (
            _cause(
                "NIR",
                "Numéro de sécurité sociale transmis",
                "Ce champ contient ce qui ressemble à un numéro de sécurité sociale, que nous ne gardons jamais. Retirez-le de ce "
                "champ dans votre logiciel",
            ),
            [refus.RESSEMBLE_A_UN_NIR],
        ),
        (
            _cause(
                "ANNEE_SCOLAIRE",
                "Année scolaire mal écrite",
                "Écrivez deux années qui se suivent (2026-2027), ou deux fois la même pour une session sur une année civile",
            ),
            [refus.ANNEE_SCOLAIRE_INVALIDE],
        ),
        (_UAI, [refus.UAI_INVALIDE, refus.UAI_LETTRE_FAUSSE]),
        (_SIRET, [refus.SIRET_INVALIDE, refus.SIRET_CLE_FAUSSE]),
        (
            Cause(
                "STATUT",
                "Statut inconnu",
                "Votre logiciel doit envoyer 0 (sorti), 2 (inscrit sans contrat) ou 3 (apprenti) : transmettez ce message à son "
                "éditeur.",
                Acteur.ERP,
            ),
            [refus.STATUT_INVALIDE],
        ),
        (_cause("SEXE", "Sexe inconnu", "Choisissez « M » ou « F » sur la fiche de l’apprenant"), [refus.SEXE_INVALIDE]),
        (
            _cause(
                "COURRIEL",
                "Adresse électronique impossible",
                "Corrigez l’adresse (un seul @, un domaine, sans espace ni accent). Si elle n’est pas connue, videz le champ, ou "
                "demandez à l’éditeur de ne pas envoyer d’adresse vide",
            ),
            [refus.EMAIL_INVALIDE],
        ),
        (
            _cause(
                "CODE_POSTAL",
                "Code postal impossible",
                "Un code postal compte cinq chiffres. Corrigez-le sur la fiche ; pour une adresse à l’étranger, laissez-le vide",
            ),
            [refus.CODE_POSTAL_INVALIDE],
        ),
        (
            _cause(
                "ECRITURE",
                "Valeur mal écrite",
                "Cette valeur n’a pas la forme attendue : comparez-la à l’exemple du modèle de fichier, corrigez-la",
            ),
            [refus.FORMAT_INVALIDE],
        ),
        (
            _cause(
                "ANNEE_FORMATION",
                "Année dans la formation impossible",
                "Indiquez l’année que suit l’apprenant dans sa formation, de 0 à 5 (1 pour une première année)",
            ),
            [refus.ANNEE_TROP_GRANDE, refus.ANNEE_TROP_PETITE],
        ),
        (
            _cause(
                "RNCP",
                "Code RNCP mal écrit",
                "Recopiez le code de la fiche de France compétences (RNCP suivi de chiffres) dans la formation de votre logiciel",
            ),
            [refus.RNCP_INVALIDE],
        ),
        (
            _cause(
                "CFD",
                "Code diplôme mal écrit",
                "Un code diplôme compte huit caractères (50022141). Corrigez-le dans la formation de votre logiciel",
            ),
            [refus.CFD_INVALIDE],
        ),
        (
            _cause(
                "SITUATION",
                "Situation de l’année précédente inconnue",
                "Choisissez un code de la nomenclature SIFA dans votre logiciel",
            ),
            [refus.SITUATION_INVALIDE],
        ),
        (
            _cause(
                "DERNIER_ORGANISME",
                "Établissement de l’année précédente mal écrit",
                "Indiquez une UAI, ou le numéro du département",
            ),
            [refus.DERNIER_ORGANISME_INVALIDE],
        ),
        (_cause("TYPE_CFA", "Type de CFA inconnu", "Indiquez un code de 01 à 10"), [refus.TYPE_CFA_INVALIDE]),
        (_cause("DUREE", "Durée impossible", "Indiquez une durée de 1 à 4 ans, ou de 1 à 48 mois"), [refus.DUREE_INVALIDE]),
        (_TELEPHONE, [refus.TELEPHONE_INVALIDE]),
        (
            _TELEPHONE._replace(code="TELEPHONE_SPECIAL", libelle="Numéro de téléphone surtaxé ou spécial"),
            [refus.TELEPHONE_SPECIAL],
        ),
        (
            _cause(
                "FIN_AVANT_ENTREE",
                "Fin de formation avant l’entrée",
                "La formation se termine avant d’avoir commencé : corrigez la date d’entrée ou la date de fin",
            ),
            [refus.FIN_AVANT_ENTREE],
        ),
    )
    for motif in motifs
}  # fmt: skip

_PAR_DEBUT: Final[Sequence[tuple[str, Cause]]] = (
    ("Texte trop long", LONG),
    ("Information de contrat incomplète", CONTRAT),
    ("organisme formateur non trouvé", INCONNU["formateur"]),
    ("organisme responsable non trouvé", INCONNU["responsable"]),
    ("La même fiche figure aussi", DOUBLE),
    ("Votre clé ne permet pas", NON_AUTORISE),
    ("Vous ne pouvez pas déposer de fiches", NON_AUTORISE),
)

ACTEURS: Final[Mapping[Acteur, str]] = {
    Acteur.VOUS: "vous, dans votre logiciel",
    Acteur.ERP: "l’éditeur de votre logiciel",
    Acteur.NOUS: "nous : écrivez au support",
}


def cause(message: str) -> Cause:
    """The cause of a sentence of refusal."""
    trouvee = PAR_MESSAGE.get(message)
    if trouvee is not None:
        return trouvee
    return next((c for debut, c in _PAR_DEBUT if message.startswith(debut)), AUTRE)
