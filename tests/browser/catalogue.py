"""Every kind of page, with somebody who may open it. A route that answers a page and is not here fails a test."""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page

from tests.browser.ecran import Ecrans
from tests.browser.site import Site
from tests.browser.vitrine_acces import EXPIREE, INVITE
from tests.browser.vitrine_reception import DIRECTRICE as RECEPTION
from tests.browser.vitrine_reception import ESSAI

VITRINE = "directrice de la vitrine"
DREETS = "agente DREETS Bretagne"


@dataclass(frozen=True)
class Genre:
    """A kind of page: its address (or the name of one in `Site.adresses`) and who looks at it."""

    nom: str
    qui: str | None
    adresse: str
    statut: int = 200
    envoyer: str | None = None
    """The button that sends the form of the page, for the page that answers it."""
    remplir: tuple[tuple[str, str], ...] = ()
    """What is typed before, by label."""
    fichier: bytes | None = None
    """The file given before."""
    mene: str | None = None
    """The address that sending leads to, when it is another page."""

    def ouvrir(self, ecrans: Ecrans, site: Site, *, script: bool = True) -> Page:
        page = ecrans.ouvrir(self.qui, script=script)
        reponse = page.goto(site.adresses.get(self.adresse, self.adresse))
        for libelle, valeur in self.remplir:
            page.get_by_role("main").get_by_label(libelle).fill(valeur)
        if self.fichier is not None:
            joint = FilePayload(name="liste.xlsx", mimeType="application/octet-stream", buffer=self.fichier)
            page.locator("main input[type=file]").set_input_files(joint)
        if self.envoyer:
            with page.expect_navigation() as navigation:
                page.get_by_role("main").get_by_role("button", name=self.envoyer, exact=True).click()
            reponse = navigation.value
        assert reponse is not None
        assert reponse.status == self.statut, f"{self.adresse}: {reponse.status}"
        return page


GENRES = (
    Genre("connexion", None, "/connexion?suite=/ruptures"),
    Genre("déconnexion", None, "/deconnexion/retour"),
    Genre("compte suspendu", "personne suspendue", "/acces", statut=403),
    Genre("compte sans droit", "conseillère de mission locale", "/"),
    Genre("compte", VITRINE, "/mon-compte"),
    Genre("page refusée", DREETS, "/ruptures", statut=403),
    Genre("page introuvable", VITRINE, "fiche d’un autre", statut=404),
    Genre("accueil d’un CFA", VITRINE, "/aujourd-hui"),
    Genre("accueil d’un CFA d’un seul site", "directeur de Falaises", "/aujourd-hui"),
    Genre("accueil d’un réseau", "tête du réseau NORD", "/"),
    Genre("accueil d’une DREETS", DREETS, "/"),
    Genre("accueil du support", "support", "/"),
    Genre("le point, comparé", DREETS, "/le-point?comparer=1&niveau=3"),
    Genre("chiffres d’un CFA", VITRINE, "/le-point"),
    Genre("CFA vu d’une DREETS", DREETS, "organisme"),
    Genre("CFA vu de lui-même", VITRINE, "organisme"),
    Genre("effectifs", VITRINE, "/effectifs"),
    Genre(
        "effectifs filtrés, triés", VITRINE, "/effectifs?statut=INSCRIT&statut=RUPTURANT&tri=entree&sens=desc"
    ),
    Genre("effectifs, aucun", VITRINE, "/effectifs?statut=ABANDON&niveau=7"),
    Genre("listes nominatives", DREETS, "/effectifs"),
    Genre("fiche", VITRINE, "fiche"),
    Genre("correction d’un nom", VITRINE, "nom à corriger"),
    Genre("correction de dates", VITRINE, "contrat à corriger"),
    Genre("correction refusée", VITRINE, "contrat à corriger", statut=422, envoyer="Enregistrer"),
    Genre("annulation d’une correction", VITRINE, "correction à annuler"),
    Genre("ruptures", VITRINE, "/ruptures"),
    Genre("sans contrat", VITRINE, "/sans-contrat"),
    Genre("dossier de rupture", VITRINE, "dossier"),
    Genre("dossier sans contrat", VITRINE, "sans contrat"),
    Genre("appel à noter", VITRINE, "appel à noter"),
    Genre("appel à noter, sans contrat", VITRINE, "appel à noter, sans contrat"),
    Genre("appel refusé", VITRINE, "appel à noter", statut=422, envoyer="Enregistrer"),
    Genre("transmissions", "directrice de Dunes", "/transmissions"),
    Genre("transmission", "directrice de Dunes", "transmission"),
    Genre("écrire au support", VITRINE, "/support/ecrire?page=/ruptures"),
    Genre("écrire au support, refusé", VITRINE, "/support/ecrire", statut=422, envoyer="Envoyer"),
    Genre("mes demandes", VITRINE, "/support/demandes"),
    Genre("ma demande", VITRINE, "demande"),
    Genre("bureau du support", "support", "/support"),
    Genre("ouvrir une demande", "support", "/support/dossiers"),
    Genre("dossier du support", "support", "dossier du support"),
    Genre("fiche masquée", "support", "fiche masquée"),
    Genre("organisme vu du support", "support", "organisme vu du support"),
    Genre("travaux", "support", "/support/travaux"),
    Genre("second facteur, sans en avoir", VITRINE, "/second-facteur"),
    Genre("second facteur", "support", "/second-facteur"),
    Genre("second facteur refusé", "support", "/second-facteur", statut=422, envoyer="Continuer"),
    Genre("compte avec un second facteur", "support", "/mon-compte"),
    Genre("ajouter une application de codes", VITRINE, "/mon-compte/facteurs/application"),
    Genre("ajouter une clé d’accès", VITRINE, "/mon-compte/facteurs/cle"),
    Genre("niveau d’identification", VITRINE, "/connexion/niveau"),
    Genre("engagement", VITRINE, "/engagement"),
    Genre("équipe", VITRINE, "/equipe"),
    Genre("équipe, vue d’un membre", "membre limité au site A", "/equipe"),
    Genre("inviter", VITRINE, "/equipe/inviter"),
    Genre("inviter, refusé", VITRINE, "/equipe/inviter", statut=422, envoyer="Envoyer l’invitation"),
    Genre("inviter en nombre", VITRINE, "/equipe/inviter-en-nombre"),
    Genre("changer un accès", VITRINE, "membre à changer"),
    Genre("retirer un accès", VITRINE, "membre à retirer"),
    Genre("revue annuelle", VITRINE, "/equipe/revue"),
    Genre("invitation reçue", INVITE, "invitation"),
    Genre("invitation d’un autre", DREETS, "invitation", statut=403),
    Genre("demander un accès", "directeur de Falaises", "/acces/entrer"),
    Genre("chercher son CFA", "directeur de Falaises", "/acces/entrer?q=dunes"),
    Genre("demander l’accès d’un autre service", "directeur de Falaises", "/acces/autre?type=DREETS"),
    Genre("où en est ma demande", EXPIREE, "/acces/suivi"),
    Genre("lien d’accès reçu", EXPIREE, "lien d’accès"),
    Genre("demandes d’accès", "directeur de Falaises", "/demandes-acces"),
    Genre("demande d’accès", "directeur de Falaises", "demande d’accès"),
    Genre("accès à valider", "support", "/demandes-acces/a-valider"),
    Genre("vérifier un appelant", "support", "appelant"),
    Genre("voir comme", "support", "voir comme"),
    Genre("remettre à zéro les seconds facteurs", "support", "remise à demander"),
    Genre("remises à zéro", "support", "/support/seconds-facteurs"),
    Genre("passages de l’assistance", VITRINE, "/equipe/passages"),
    Genre("pauses de consultation", "support", "/support/pauses"),
    Genre("courriels envoyés", "support", "/support/courriels"),
    Genre("journal, pour l’auditrice", "auditrice", "/audit"),
    Genre("sceaux, pour l’auditrice", "auditrice", "/audit/sceaux"),
    Genre("habilitations, pour l’auditrice", "auditrice", "/audit/habilitations"),
    Genre("ne plus recevoir un courriel", None, "refus d’un courriel"),
    Genre("pourquoi je vois ceci", VITRINE, "/pourquoi"),
    Genre("pourquoi je vois ceci, DREETS", DREETS, "/pourquoi"),
    Genre("qui peut voir mon CFA", VITRINE, "/qui-voit"),
    Genre("ce que voient les autres", VITRINE, "/ce-que-voient"),
    Genre("clés, quel établissement", RECEPTION, "/transmissions/cles"),
    Genre("clés", RECEPTION, "clés"),
    Genre("clés, sans en avoir", RECEPTION, "clés sans en avoir"),
    Genre("nouvelle clé", RECEPTION, "nouvelle clé"),
    Genre("nouvelle clé refusée", RECEPTION, "nouvelle clé", statut=422, envoyer="Créer la clé"),
    Genre("clé créée", RECEPTION, "autre clé", envoyer="Créer la clé", remplir=(("Nom de la clé", "Essai"),)),
    Genre("révoquer une clé", RECEPTION, "clé à révoquer"),
    Genre("délégations, quel établissement", RECEPTION, "/transmissions/delegations"),
    Genre("délégations", RECEPTION, "délégations"),
    Genre("chercher à qui déléguer", RECEPTION, "délégué à chercher"),
    Genre("donner une délégation", RECEPTION, "délégation à donner"),
    Genre("arrêter une délégation", RECEPTION, "délégation à arrêter"),
    Genre("code d’un logiciel", RECEPTION, "code d’un logiciel"),
    Genre(
        "code d’un logiciel refusé",
        RECEPTION,
        "/connexion-api",
        statut=422,
        envoyer="Continuer",
        remplir=(("Code", "BCDF-GHJK"),),
    ),
    Genre(
        "logiciel qui demande une clé",
        RECEPTION,
        "code d’un logiciel",
        envoyer="Continuer",
        mene="/connexion-api/demande",
    ),
    Genre("guides", RECEPTION, "/transmissions/guides"),
    Genre("guide", RECEPTION, "/transmissions/guides/ymag"),
    Genre("écrire un guide", "support", "/transmissions/guides/nouveau"),
    Genre("modifier un guide", "support", "/transmissions/guides/ymag/modifier"),
    Genre("aperçu d’un guide", "support", "/transmissions/guides/ymag/modifier", envoyer="Voir l’aperçu"),
    Genre("qui ne transmet plus", "support", "/transmissions/silencieux"),
    Genre("documentation de l’API", None, "/documentation/api"),
    Genre("documentation de l’API, d’un CFA", RECEPTION, "/documentation/api"),
    Genre("compte des transmissions", RECEPTION, "/transmissions"),
    Genre("transmissions, pour le support", "support", "/transmissions"),
    Genre("transmissions d’un jour", RECEPTION, "/transmissions/jour/2026-11-18"),
    Genre("transmission refusée en partie", RECEPTION, "transmission refusée en partie"),
    Genre("importer un fichier", RECEPTION, "/depots"),
    Genre("importer un fichier, refusé", RECEPTION, "/depots", statut=422, envoyer="Déposer le fichier"),
    Genre("fichier en cours", RECEPTION, "fichier en cours"),
    Genre("colonnes d’un fichier", RECEPTION, "fichier à apparier"),
    Genre("colonnes refusées", RECEPTION, "fichier à apparier", statut=422, envoyer="Continuer"),
    Genre("aperçu d’un fichier", RECEPTION, "aperçu"),
    *(
        Genre(f"aperçu d’un fichier, {onglet}", RECEPTION, f"aperçu, {onglet}")
        for onglet in ("modifiees", "inchangees", "sans_effet", "refusees", "absentes")
    ),
    Genre("ligne à corriger", RECEPTION, "ligne à corriger"),
    Genre(
        "fichier dont les fiches ont changé",
        RECEPTION,
        "fichier dépassé",
        statut=409,
        envoyer="Confirmer l’import",
    ),
    Genre("fichier appliqué", RECEPTION, "fichier appliqué"),
    Genre("fichier annulé", RECEPTION, "fichier annulé"),
    Genre("fichier illisible", RECEPTION, "fichier illisible"),
    Genre("fichier abandonné", RECEPTION, "fichier abandonné"),
    Genre("saisir une fiche", RECEPTION, "/depots/une-fiche"),
    Genre("fiche refusée", RECEPTION, "/depots/une-fiche", statut=422, envoyer="Enregistrer la fiche"),
    Genre("essayer un fichier", EXPIREE, "/acces/essai-fichier"),
    Genre("fichier essayé", EXPIREE, "/acces/essai-fichier", envoyer="Vérifier ce fichier", fichier=ESSAI),
    Genre("à régler", RECEPTION, "/a-regler"),
    Genre("à régler, rien", VITRINE, "/a-regler"),
    Genre("établissements inconnus", RECEPTION, "/transmissions/inconnus"),
    Genre("établissement inconnu", RECEPTION, "établissement inconnu"),
    Genre("établissement presque connu", RECEPTION, "établissement presque connu"),
    Genre(
        "établissement à écarter, refusé",
        RECEPTION,
        "établissement inconnu",
        statut=422,
        envoyer="Écarter ces fiches",
    ),
    Genre("rapprochement à faire", RECEPTION, "/rapprochement"),
    Genre(
        "rapprochement refusé",
        RECEPTION,
        "/rapprochement",
        statut=422,
        envoyer="Comparer",
        remplir=(("Compter au", "2030-01-01"),),
    ),
    Genre("rapprochement", RECEPTION, "rapprochement"),
    Genre("rapprochement, pour le support", "support", "rapprochement"),
    Genre("rapprochement à imprimer", RECEPTION, "rapprochement à imprimer"),
)
