import pytest, time, io
from tests import factories as f
from tests.sifa.aides import *
from tests.pages import Navigateur
from tdba.sifa import champs
from tdba.sifa.colonnes import NOMS
VAL=["a\x00b","9"*5000,"9"*25,"²","9999-12-31","0001-01-01","=1+1","x"*20000,"-1"]
def test_q(session, navigateur, app):
    f.les_territoires(session)
    o=f.un_organisme(session,"CFA Rennes")
    q=direction(session,navigateur,o)
    e=un_compte(session,o)
    app.config["PROPAGATE_EXCEPTIONS"]=False; app.testing=False
    bad=[]
    def t(a,d):
        try:
            r=q.post(a,d)
            if r.status_code>=500: bad.append((a,d,r.status_code))
        except Exception as x:
            bad.append((a,str(d)[:80],repr(x)[:150]))
    for v in VAL:
        for a in (f"/sifa/fiches/{e.id}", chemin(o,f"/completer/{e.id}"), chemin(o,"/reponses")):
            for n in champs.CHAMPS: t(a,{"version":"0",n:v})
            t(a,{"version":v,"sexe":"1"})
        t(chemin(o,"/deposee"),{"deposee":v})
        for s in ("/comptes?debut=","/a-completer?debut=","/a-completer?regle="):
            from urllib.parse import quote
            try:
                r=q.get(chemin(o,s)+quote(v))
                if r.status_code>=500: bad.append((s,v[:9]))
            except Exception as x: bad.append((s,v[:9],repr(x)[:100]))
    corps=(";".join(NOMS)+"\r\n"+"\r\n".join(";".join([f"NOM{i}","BOB"]+["zz"]*45) for i in range(19900))).encode()
    t0=time.time()
    r=q.ouvrir("POST",chemin(o,"/controler"),data={"csrf_token":q.jeton,"fichier":(io.BytesIO(corps),"f.csv")},content_type="multipart/form-data")
    print("controle",r.status_code,len(r.data),time.time()-t0)
    r=q.ouvrir("POST",chemin(o,"/controler"),data={"csrf_token":q.jeton,"fichier":(io.BytesIO(b"x"*11_000_000),"f.csv")},content_type="multipart/form-data")
    print("gros",r.status_code)
    print(*bad,sep="\n"); assert not bad and 0
