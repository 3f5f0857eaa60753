import os, pytest
from tests.browser.catalogue import GENRES
pytestmark = pytest.mark.navigateur
OUT = "/tmp/navplug/captures"
os.makedirs(OUT, exist_ok=True)
@pytest.mark.parametrize("g", GENRES, ids=lambda g:g.nom)
def test_capture(g, site, ecrans):
    nom = g.nom.replace(" ","-").replace("’","-").replace(",","")
    page = g.ouvrir(ecrans, site)
    H=1250
    def prendre(v,w,c):
        page.set_viewport_size({"width":w,"height":900}); page.emulate_media(color_scheme=c)
        h = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(path=f"{OUT}/{nom}.{v}.png", full_page=True, clip={"x":0,"y":0,"width":w,"height":min(h,H if w>500 else 1700)})
    prendre("large",1280,"light"); prendre("tel",390,"dark")
    import base64
    def src(v): return "data:image/png;base64,"+base64.b64encode(open(f"{OUT}/{nom}.{v}.png","rb").read()).decode()
    p2 = ecrans.chrome.new_page(viewport={"width":1520,"height":1300})
    p2.set_content(f"<body style='margin:0;display:flex;gap:10px;background:#888;align-items:flex-start'><img style='width:1130px' src='{src('large')}'><img style='width:370px' src='{src('tel')}'>")
    p2.screenshot(path=f"{OUT}/{nom}.png", full_page=True); p2.close()
    for v in ("large","tel"): os.remove(f"{OUT}/{nom}.{v}.png")
