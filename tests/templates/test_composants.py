"""Every component alone: it parses, names what it shows, and needs neither inline style nor inline script."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import jinja2
import pytest
import wtforms
from wtforms import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tdba.local.icones import ICONES
from tests.templates.aides import GABARITS, lire, regler, texte

NOTRES = sorted(f for d in ("layout", "components", "errors") for f in (GABARITS / d).glob("*.html"))
STATUTS = {
    ("APPRENTI", None): "apprenti",
    ("INSCRIT", None): "inscrit sans contrat",
    ("RUPTURANT", "RUPTURE"): "en rupture",
    ("RUPTURANT", "FIN_DE_CONTRAT"): "contrat arrivé à terme",
    ("ABANDON", "EXCLUSION"): "sorti",
    ("ABANDON", "DELAI_SANS_CONTRAT"): "délai dépassé",
    ("ABANDON", "DELAI_APRES_RUPTURE"): "délai dépassé",
    ("FIN_DE_FORMATION", None): "fin de formation",
    (None, None): "entrée à venir",
}


@pytest.fixture(scope="module")
def env() -> jinja2.Environment:
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(GABARITS), autoescape=True)
    regler(env)
    return env


Rendre = Callable[..., Element]


@pytest.fixture
def rendre(env: jinja2.Environment) -> Rendre:
    """Render one macro call alone, refuse what our CSP would block, and parse it strictly."""

    def _rendre(fichier: str, appel: str, **contexte: Any) -> Element:
        debut = "".join(f'{{% import "components/{f}.html" as {f} %}}' for f in fichier.split())
        html = env.from_string(debut + appel).render(**contexte)
        return lire(html, fragment=True)

    return _rendre


def test_templates_hold_nothing_that_the_csp_blocks() -> None:
    assert len(NOTRES) > 30
    for fichier in NOTRES:
        source = re.sub(r"\{#.*?#\}", "", fichier.read_text(), flags=re.DOTALL)
        assert not re.search(r"\s(style|on[a-z]+|hx-[a-z-]+)=", source), fichier
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), fichier


def test_icons_are_in_the_sprite() -> None:
    source = "".join(f.read_text() for f in NOTRES)
    noms = set(re.findall(r'icone\("([^"]+)"', source)) | set(re.findall(r'"icone": "([^"]+)"', source))
    assert noms
    assert noms <= set(ICONES)


@pytest.mark.parametrize(("couple", "mot"), STATUTS.items())
def test_statut_says_its_word(rendre: Rendre, couple: tuple[str | None, str | None], mot: str) -> None:
    badge = rendre("statut", "{{ statut.statut(*c) }}", c=couple)
    assert texte(badge) == mot
    assert badge.find(".//svg").get("aria-hidden") == "true"


def test_statuts_have_four_colours_and_one_shape_a_word(env: jinja2.Environment) -> None:
    module: Any = env.get_template("components/statut.html").module
    valeurs = module.STATUTS.values()
    assert len({s["couleur"] for s in valeurs}) == 4
    assert len({s["forme"] for s in valeurs}) == len({s["mot"] for s in valeurs})
    dessins = {module.forme(s["forme"]) for s in valeurs}
    assert len(dessins) == len({s["mot"] for s in valeurs})


def test_unknown_statut_is_an_error_not_a_blank(rendre: Rendre) -> None:
    with pytest.raises(jinja2.UndefinedError):
        rendre("statut", '{{ statut.statut("RUPTURANT") }}')


COLONNES = [
    {"libelle": "Nom", "cle": "nom", "tri": "/?tri=-nom", "ordre": "ascending"},
    {"libelle": "Site", "cle": "site", "tri": "/?tri=site"},
    {"libelle": "Jours", "num": True},
    {"libelle": "Gestes", "masque": True},
]
TABLEAU = """{% call tableau.tableau("liste", "Apprenants", colonnes, n=n, vide="Aucun apprenant.", cible="#zone") -%}
<tr><th scope="row"><a href="/1">Léa</a></th><td>Rennes</td><td class="num">71</td><td></td></tr>{%- endcall %}"""


def test_tableau(rendre: Rendre) -> None:
    cadre = rendre("tableau", TABLEAU, colonnes=COLONNES, n=1).find("div")
    assert (cadre.get("role"), cadre.get("tabindex")) == ("region", "0")
    assert texte(cadre.find(".//caption")) == "Apprenants"
    entetes = cadre.findall(".//thead//th")
    assert [e.get("aria-sort") for e in entetes] == ["ascending", None, None, None]
    assert all(e.get("scope") == "col" and texte(e) for e in entetes)
    lien = entetes[0].find("a")
    assert lien.get("href") == lien.get("data-hx-get") == "/?tri=-nom"
    assert lien.get("data-hx-target") == "#zone"
    assert "num" in entetes[2].get("class")
    assert cadre.find(".//tbody//th").get("scope") == "row"


def test_tableau_vide_is_a_sentence(rendre: Rendre) -> None:
    vide = rendre("tableau", TABLEAU, colonnes=COLONNES, n=0)
    assert texte(vide) == "Aucun apprenant."
    assert vide.find(".//table") is None


def test_pagination(rendre: Rendre) -> None:
    nav = rendre(
        "pagination", '{{ pagination.pagination("Lignes 1 à 25 sur 412", none, "/?apres=25") }}'
    ).find("nav")
    assert texte(nav) == "Lignes 1 à 25 sur 412 Suivants"
    assert [a.get("rel") for a in nav.findall(".//a")] == ["next"]
    seul = rendre("pagination", '{{ pagination.pagination("3 lignes") }}')
    assert seul.find(".//ul") is None


@pytest.mark.parametrize(
    ("n", "attendu"),
    [(0, "Aucune fiche"), (1, "1 fiche"), (412, "412 fiches"), (10000, "10 000 fiches"),
     (10001, "Plus de 10 000 fiches"), (None, "Plus de 10 000 fiches")],
)  # fmt: skip
def test_compte(rendre: Rendre, n: int | None, attendu: str) -> None:
    rendu = rendre("compte", '{{ compte.compte(n, "fiche", feminin=true) }}', n=n)
    assert texte(rendu) == attendu
    assert rendu.find("p").get("data-annonce") is not None


class Formulaire(wtforms.Form):  # type: ignore[misc]
    debut = wtforms.DateField("Début", [InputRequired("Indiquez la date.")], description="Celle du contrat.")
    nom = wtforms.StringField("Nom", [Optional(), Length(max=60)])
    motif = wtforms.SelectField(
        "Motif", [DataRequired("Choisissez.")], choices=[SelectChoice("", "Choisir"), SelectChoice("a", "A")]
    )
    note = wtforms.TextAreaField("Note", [Optional(), Length(max=500)])
    reponse = wtforms.RadioField(
        "Réponse", [InputRequired("Répondez.")], choices=[SelectChoice("o", "Oui"), SelectChoice("n", "Non")]
    )
    accord = wtforms.BooleanField("D’accord", description="Vous pourrez changer d’avis.")


FORMULAIRE = """{% call champs.formulaire("/x", form, cible="#zone") %}{% for f in form %}{{ champs.champ(f) }}{% endfor %}
{% call champs.consequence() %}<p>Le statut changera.</p>{% endcall %}{{ champs.boutons("Enregistrer", "/") }}{% endcall %}"""


def test_formulaire_valide(rendre: Rendre) -> None:
    form = rendre("champs", FORMULAIRE, form=Formulaire()).find("form")
    assert form.get("action") == form.get("data-hx-post") == "/x"
    assert form.get("novalidate") is not None
    controles = {
        c.get("name"): c for c in form.iter() if c.get("id") and c.tag in ("input", "select", "textarea")
    }
    etiquettes = {label.get("for") for label in form.iter("label")}
    assert {c.get("id") for c in controles.values()} <= etiquettes
    assert controles["debut"].get("type") == "date"
    assert controles["debut"].get("aria-describedby") == "debut-aide"
    assert controles["note"].get("maxlength") == "500"
    assert form.find(".//fieldset/legend") is not None
    assert not [c for c in form.iter() if c.get("aria-invalid")]
    assert "(facultatif)" in texte(next(label for label in form.iter("label") if label.get("for") == "nom"))
    assert form.find(".//input[@name='csrf_token']").get("value") == "jeton"


def test_formulaire_en_erreur_ties_each_message_to_its_field(rendre: Rendre) -> None:
    donnees = Formulaire()
    assert not donnees.validate()
    donnees.form_errors = ["Le contrat en chevauche un autre."]
    form = rendre("champs", FORMULAIRE, form=donnees).find("form")
    debut = form.find(".//input[@name='debut']")
    assert debut.get("aria-invalid") == "true"
    assert debut.get("aria-describedby") == "debut-aide debut-erreur"
    resume = form.find(".//div[@data-focus]")
    assert "4 points à corriger" in texte(resume)
    assert "Le contrat en chevauche un autre." in texte(resume)
    liens = [a.get("href") for a in resume.iter("a")]
    assert liens == ["#debut", "#motif", "#reponse-0"]
    ids = {e.get("id") for e in form.iter()}
    assert all(lien[1:] in ids for lien in liens)


def test_filtres(rendre: Rendre) -> None:
    champs = [
        {
            "nom": "statut",
            "libelle": "Statut",
            "type": "select",
            "valeur": "1",
            "options": [(0, "Tous"), (1, "A")],
        },
        {"nom": "au", "libelle": "Au", "type": "date", "valeur": "2026-11-22"},
    ]
    choisis = [{"libelle": "A", "url": "/?au=2026-11-22"}]
    rendu = rendre("filtres", '{{ filtres.filtres("/l", champs, choisis, "/l", {"tri": "nom"}) }}',
                   champs=champs, choisis=choisis)  # fmt: skip
    assert rendu.find(".//form").get("method") == "get"
    assert [o.get("value") for o in rendu.iter("option") if o.get("selected") is not None] == ["1"]
    assert texte(rendu.find(".//button")) == "Filtrer"
    assert texte(rendu.find(".//li")) == "Retirer le filtre A"
    assert rendu.find(".//input[@type='hidden']").get("name") == "tri"


def test_frise_says_in_words_what_it_draws(rendre: Rendre) -> None:
    etapes = [
        {"x0": 0, "x1": 500, "statut": "INSCRIT", "motif": None, "du": date(2025, 9, 1),
         "au": date(2025, 10, 19), "note": None},
        {"x0": 500, "x1": 1000, "statut": "RUPTURANT", "motif": "RUPTURE", "du": date(2025, 10, 20),
         "au": None, "note": "À l’initiative de l’employeur."},
    ]  # fmt: skip
    rendu = rendre("frise", '{{ frise.frise("f", "Parcours", etapes, 300, [{"x": 0, "libelle": "sept."}]) }}',
                   etapes=etapes)  # fmt: skip
    svg = rendu.find(".//svg")
    assert svg.get("role") == "img"
    assert texte(svg.find("desc")) == (
        "inscrit sans contrat du 1er septembre 2025 au 19 octobre 2025 ; en rupture à partir du 20 octobre 2025."
    )
    assert [texte(li) for li in rendu.findall(".//ol/li")] == [
        "inscrit sans contrat du 1er septembre 2025 au 19 octobre 2025",
        "en rupture à partir du 20 octobre 2025À l’initiative de l’employeur.",
    ]
    ids = {e.get("id") for e in svg.iter()}
    trames = [r.get("fill") for r in svg.iter("rect") if (r.get("fill") or "").startswith("url")]
    assert len(trames) == 2
    assert all(t[5:-1] in ids for t in trames)
    assert texte(rendre("frise", '{{ frise.frise("f", "Parcours", []) }}').find(".//desc")) == "Aucune étape."


def test_histogramme_has_its_table(rendre: Rendre) -> None:
    barres = [
        {"libelle": "sept.", "valeur": 212, "url": "/l"},
        {"libelle": "oct.", "valeur": None, "texte": "< 5"},
    ]
    appel = '{{ histogramme.histogramme("h", "Entrées", "Septembre domine.", barres, "Mois", "Entrées") }}'
    rendu = rendre("histogramme", appel, barres=barres)
    assert [texte(td) for td in rendu.iter("td")] == ["212", "< 5"]
    assert [r.get("height") for r in rendu.find(".//svg").iter("rect")] == ["130.0", "0.0"]
    assert rendre("histogramme", appel, barres=[]).find(".//svg") is not None
    assert rendre("histogramme", "{{ histogramme.barre(0, 0) }}").find(".//rect").get("width") == "0.0%"


def test_chiffre_never_without_definition_and_date(rendre: Rendre) -> None:
    rendu = rendre("definition", """{% call definition.chiffres() %}
        {{- definition.chiffre(1284, "Sans contrat", "Sans contrat ce jour-là.", "Au 31 octobre 2026", url="/l") }}
        {{- definition.chiffre("< 5", "Sortis", "Depuis septembre.", "Au 31 octobre 2026", "reçu ce matin") -}}
    {% endcall %}""")  # fmt: skip
    assert texte(rendu.find(".//a")) == "1 284 Sans contrat, voir la liste"
    assert "Au 31 octobre 2026, reçu ce matin." in texte(rendu)
    valeurs = rendre("definition", """{% call definition.fiche_valeurs() %}
        {{- definition.valeur("Début", "3 mars 2026", source="ERP", corrige="corrigé le 4 mars") -}}{% endcall %}""")  # fmt: skip
    assert texte(valeurs.find(".//dd")) == "3 mars 2026 corrigé le 4 mars ERP"


def test_alerte_onglets_liens(rendre: Rendre) -> None:
    for niveau, mot in [("succes", "C’est fait"), ("inconnu", "Information")]:
        rendu = rendre("alerte", "{% call alerte.alerte(n) %}Texte.{% endcall %}", n=niveau)
        assert texte(rendu) == f"{mot} : Texte."
    entrees = [
        {"libelle": "Tous", "url": "/", "actif": True, "compte": 0},
        {"libelle": "A", "url": "/a", "actif": False},
    ]
    liens = rendre("onglets", '{{ onglets.onglets("Sites", e) }}', e=entrees).findall(".//a")
    assert [(texte(a), a.get("aria-current")) for a in liens] == [("Tous 0", "page"), ("A", None)]
    poste = rendre("liens", '{{ liens.bouton_post("Annuler", "/x", cible="#a", precision="la correction") }}')
    assert poste.find("form").get("method") == "post"
    assert texte(poste) == "Annuler la correction"
    assert (
        rendre("liens", '{{ liens.bouton_lien("Corriger", "/x", raccourci="e") }}')
        .find("a")
        .get("data-raccourci")
        == "e"
    )
    assert texte(rendre("etat_vide", '{{ etat_vide.etat_vide("Rien.", "Voir", "/") }}')) == "Rien. Voir"
