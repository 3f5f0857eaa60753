import os, pytest
from tests.browser.catalogue import GENRES
from tests.browser.ecran import deborde
pytestmark = pytest.mark.navigateur
OUT = "/tmp/navplug/captures"
os.makedirs(OUT, exist_ok=True)
VUES = [("large",1280,900,"light"),("tel",390,844,"light"),("large-nuit",1280,900,"dark")]
@pytest.mark.parametrize("g", GENRES, ids=lambda g:g.nom)
def test_capture(g, site, ecrans):
    page = g.ouvrir(ecrans, site)
    nom = g.nom.replace(" ","-").replace("’","-").replace(",","")
    for v,w,h,c in VUES:
        page.set_viewport_size({"width":w,"height":h}); page.emulate_media(color_scheme=c)
        page.screenshot(path=f"{OUT}/{nom}.{v}.png", full_page=True)
    for w in (390,320):
        page.set_viewport_size({"width":w,"height":800})
        d = deborde(page)
        if d: print("DEBORDE", g.nom, w, d)
