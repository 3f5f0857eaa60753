"""The small tables of the country-size set: referential, organismes, networks, organisations, people, keys."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from psycopg import Connection, sql

from tdba.local import demo_base
from tdba.local.demo_identifiants import cle_api, empreinte_cle, siret
from tdba.local.demo_semis_plan import Commande, Plan
from tdba.local.demo_territoires import DEPARTEMENTS, REGIONS
from tdba.local.demo_tirage import generateur
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT, ACADEMIES

Rangee = Sequence[Any]


class Bureau(NamedTuple):
    """An organisation and the one person who acts for it."""

    sub: str
    type: str
    nom: str
    regle: str
    cibles: tuple[str | None, str | None, str | None, str | None, str | None] = (None,) * 5
    """siren, network, region, département, académie."""
    organisme_id: int | None = None
    siret: str | None = None


def copier(
    connexion: Connection[Any], table: str, colonnes: Sequence[str], rangees: Iterable[Rangee]
) -> None:
    """COPY into a table without row-level security."""
    commande = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, colonnes))
    )
    with connexion.cursor() as curseur, curseur.copy(commande) as copie:
        for rangee in rangees:
            copie.write_row(rangee)


def ecrire(connexion: Connection[Any], commande: Commande, plan: Plan, *, emetteur: str, secret: str) -> None:
    """Everything but the records, in the transaction of the caller."""
    _referentiel(connexion)
    _organismes(connexion, commande, plan)
    maintenant = datetime.combine(commande.jour, time(4), tzinfo=UTC)
    bureaux = list(_bureaux(plan))
    _comptes(connexion, bureaux, emetteur, maintenant)
    copier(
        connexion,
        "cle_api",
        ("organisme_id", "empreinte", "prefixe", "libelle", "cree_le"),
        (
            (s.id, empreinte_cle(cle), cle[:8], demo_base.LIBELLE_CLE, maintenant)
            for s in plan.organismes
            for cle in (cle_api(secret, f"semis-{s.id}"),)
        ),
    )


def _referentiel(connexion: Connection[Any]) -> None:
    for modele, rangees in demo_base.rangees_du_referentiel():
        colonnes = list(rangees[0])
        requete = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
            sql.Identifier(modele.__tablename__),
            sql.SQL(", ").join(map(sql.Identifier, colonnes)),
            sql.SQL(", ").join(sql.Placeholder() * len(colonnes)),
        )
        with connexion.cursor() as curseur:
            curseur.executemany(requete, [list(rangee.values()) for rangee in rangees])


def _organismes(connexion: Connection[Any], commande: Commande, plan: Plan) -> None:
    alea = generateur(commande.graine, "receptions")
    matin = datetime.combine(commande.jour, time(4), tzinfo=UTC)
    colonnes = list(demo_base.rangee_organisme(plan.organismes[0].organisme))
    rangees = []
    for seme in plan.organismes:
        jours = int(alea.random() * 6) if alea.random() < 0.94 else 40 + int(alea.random() * 160)
        valeurs = demo_base.rangee_organisme(seme.organisme) | {"fiable": alea.random() < 0.97}
        recu = matin - timedelta(days=jours)
        rangees.append((seme.id, *valeurs.values(), recu - timedelta(days=500), recu))
    copier(
        connexion,
        "organisme",
        ("id", *colonnes, "premiere_reception_le", "derniere_reception_le"),
        rangees,
    )
    copier(connexion, "relation_organisme", ("responsable_id", "formateur_id", "partielle"), plan.liens)
    copier(connexion, "reseau", ("code", "nom", "responsable"), plan.reseaux)
    debut = commande.jour - timedelta(days=1500)
    copier(
        connexion,
        "reseau_organisme",
        ("reseau_code", "organisme_id", "debut"),
        [(reseau, organisme_id, debut) for reseau, organisme_id in plan.adhesions],
    )


def _bureaux(plan: Plan) -> Iterable[Bureau]:
    par_siren: dict[str, list[int]] = {}
    for seme in plan.organismes:
        par_siren.setdefault(seme.organisme.siren, []).append(seme.id)
    for siren, ids in par_siren.items():
        premier = plan.organismes[ids[0] - 1]
        base = (f"bench-cfa-{premier.id}", "ORGANISME_FORMATION", premier.organisme.nom)
        if len(ids) > 1:
            yield Bureau(*base, "SIREN", (siren, None, None, None, None), siret=premier.organisme.siret)
        else:
            yield Bureau(*base, "ETABLISSEMENTS", organisme_id=premier.id, siret=premier.organisme.siret)
    for code, nom, _ in plan.reseaux:
        yield Bureau(f"bench-reseau-{code}", "TETE_DE_RESEAU", nom, "RESEAU", (None, code, None, None, None))
    for code, nom in REGIONS:
        region = (None, None, code, None, None)
        yield Bureau(f"bench-dreets-{code}", "DREETS", f"DREETS {nom}", "REGION", region)
        yield Bureau(f"bench-region-{code}", "CONSEIL_REGIONAL", f"Région {nom}", "REGION", region)
    for code, nom, _ in DEPARTEMENTS:
        departement = (None, None, None, code, None)
        yield Bureau(f"bench-ddets-{code}", "DDETS", f"DDETS {nom}", "DEPARTEMENT", departement)
    for code in sorted({ACADEMIE_DU_DEPARTEMENT[d] for d, _, _ in DEPARTEMENTS}):
        academie = (None, None, None, None, code)
        yield Bureau(
            f"bench-academie-{code}", "ACADEMIE", f"Académie {ACADEMIES[code]}", "ACADEMIE", academie
        )
    yield Bureau("bench-national", "OPERATEUR_PUBLIC_NATIONAL", "Opérateur national", "NATION")
    yield Bureau("bench-support", "SUPPORT", "Assistance", "AUCUNE")
    yield Bureau("bench-support-2", "SUPPORT", "Assistance", "AUCUNE")
    yield Bureau("bench-dpo", "CONFORMITE", "Conformité", "AUCUNE")


SIRET_DES_ADMINISTRATIONS: Final = siret(19_999)


def _comptes(connexion: Connection[Any], bureaux: list[Bureau], emetteur: str, maintenant: datetime) -> None:
    """One organisation, one person, one habilitation each, under the same id; validated by the two supports."""
    ids = {bureau.sub: rang for rang, bureau in enumerate(bureaux, 1)}
    un, deux = ids["bench-support"], ids["bench-support-2"]
    depuis = maintenant - timedelta(days=900)
    copier(
        connexion,
        "organisation",
        (
            "id",
            "type",
            "nom",
            "regle",
            "siren",
            "reseau_code",
            "region_code",
            "departement_code",
            "academie_code",
        ),
        [(ids[b.sub], b.type, b.nom, b.regle, *b.cibles) for b in bureaux],
    )
    copier(
        connexion,
        "organisation_organisme",
        ("organisation_id", "organisme_id"),
        [(ids[b.sub], b.organisme_id) for b in bureaux if b.organisme_id],
    )
    copier(
        connexion,
        "personne",
        ("id", "emetteur", "sub", "courriel", "nom", "prenom", "siret", "cree_le"),
        [
            (
                ids[b.sub],
                emetteur,
                b.sub,
                f"{b.sub}@demo.invalid",
                f"Mesure {ids[b.sub]}",
                "Ada",
                b.siret or SIRET_DES_ADMINISTRATIONS,
                depuis,
            )
            for b in bureaux
        ],
    )
    copier(
        connexion,
        "habilitation",
        (
            "personne_id", "organisation_id", "role", "debut", "accordee_par_id", "motif", "validee_par_id",
            "validee_le", "cree_le",
        ),
        [
            (
                ids[b.sub], ids[b.sub], "administrateur", depuis.date(), un if ids[b.sub] != un else deux,
                "Mesures", deux if ids[b.sub] != un else un, depuis, depuis,
            )
            for b in bureaux
        ],
    )  # fmt: skip
