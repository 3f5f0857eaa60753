"""The police of the pages (tests/pages.py): a good page passes, each fault is seen, also once the page was found good."""

import pytest
from flask import Flask, Response

from tests.pages import PageInterdite, policer, policer_html

BONNE = (
    '<!doctype html><html lang="fr"><head><title>Équipe</title></head><body><main id="contenu"><h1>Équipe</h1>'
    '<form method="post"><label for="nom">Nom</label><input id="nom" name="nom">'
    f'<input type="hidden" name="csrf_token" value="{"a" * 91}"></form>'
    '<a href="/equipe" data-hx-target="#contenu">Voir</a><p><code>0123456789</code></p></main></body></html>'
)

FAUTES = {  # what replaces what
    "a left-over of a template": ("Voir", "{{ voir }}"),
    "an undefined value": ("Voir", "Undefined"),
    "an element left open": ("</form>", ""),
    "an element closed twice": ("</form>", "</form></form>"),
    "a script": ("<p>", "<script>alert(1)</script><p>"),
    "a style": ("<p>", "<p style='color: red'>"),
    "a handler": ("<p>", "<p onclick='f()'>"),
    "an address that is code": ("/equipe", "javascript:f()"),
    "an id that stands twice": ("<p>", '<p id="nom">'),
    "a control without a name": ('for="nom"', 'for="prenom"'),
    "a second h1": ("<p>", "<h1>Encore</h1><p>"),
    "no title": ("<title>Équipe</title>", "<title> </title>"),
    "a target that is not there": ("#contenu", "#ailleurs"),
    "a token that breaks its attribute": ("a" * 91, "a" * 91 + '"'),
    "a reference that holds mark-up": ("0123456789", "0123456789<"),
}


@pytest.mark.parametrize(("avant", "apres"), FAUTES.values(), ids=FAUTES)
def test_chaque_faute_se_voit_meme_apres_la_bonne_page(avant: str, apres: str) -> None:
    policer_html(BONNE, entier=True)
    assert avant in BONNE
    for _ in range(2):
        with pytest.raises(PageInterdite):
            policer_html(BONNE.replace(avant, apres, 1), entier=True)


def test_un_fragment_n_a_pas_les_regles_d_une_page_mais_a_les_autres() -> None:
    policer_html("<tr><td>Camille</td></tr>", entier=False)
    policer_html('<p data-hx-target="#ailleurs">Sans titre</p>', entier=False)
    for faux in ("<tr><td>Camille</tr></td>", "<p onclick='f()'>", '<p id="a"></p><p id="a"></p>'):
        with pytest.raises(PageInterdite):
            policer_html(faux, entier=False)


def test_un_fragment_trouve_bon_n_est_pas_une_page_bonne() -> None:
    fragment = "<p>Sans titre ni rien d’autre</p>"
    policer_html(fragment, entier=False)
    with pytest.raises(PageInterdite):
        policer_html(fragment, entier=True)


@pytest.mark.parametrize(
    ("adresse", "garde", "cookie", "bonne"),
    [
        ("/effectifs", "no-store", False, True),
        ("/effectifs", "public, max-age=3600", False, False),
        ("/effectifs", "", False, False),
        ("/impact", "public, max-age=3600", False, True),
        ("/impact", "public, max-age=3600", True, False),
        ("/impact", "public, max-age=86400", False, False),
        ("/impact", "no-store", False, True),
    ],
)
def test_seule_une_page_de_la_liste_se_garde_et_sans_cookie(
    adresse: str, garde: str, cookie: bool, bonne: bool
) -> None:
    application = Flask("essai", static_folder=None)

    def repondre() -> Response:
        entetes = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": garde}
        return Response(status=204, headers=entetes | ({"Set-Cookie": "a=b"} if cookie else {}))

    application.add_url_rule(adresse, "essai", repondre)
    reponse = application.test_client().get(adresse)
    if bonne:
        policer(reponse)
    else:
        with pytest.raises(PageInterdite, match="cached"):
            policer(reponse)
