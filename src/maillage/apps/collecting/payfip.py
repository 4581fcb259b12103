"""PayFIP, the State's online payment of local bodies: its SOAP service, asked at the HTTP edge.

source  DGFiP, guide de mise en oeuvre PayFIP web service: creerPaiementSecurise,
        recupererDetailPaiementSecurise, code P5 while the outcome is not known
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from maillage.apps.collecting.providers import (
    Asked,
    Begun,
    Found,
    ProviderDownError,
    ProviderRefusedError,
    call,
)

_NAMESPACE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:pai="{namespace}">'
    "<soapenv:Header/><soapenv:Body><pai:{act}><arg0>{fields}</arg0></pai:{act}>"
    "</soapenv:Body></soapenv:Envelope>"
)
UNDER_WAY = "P5"
# paid by card, paid by debit
PAID = frozenset({"P", "V"})
SHORTEST_REFERENCE, LONGEST_REFERENCE = 6, 30


@dataclass(frozen=True)
class PayFip:
    """The account of one public body: its client number.

    kind  W for real payments, X to activate, T to test
    """

    service: str
    page: str
    client: str
    kind: str
    year: int

    def begin(self, asked: Asked) -> Begun:
        """A payment the State knows; the person goes on on its page."""
        said = {
            "exer": str(self.year),
            "mel": asked.email,
            "montant": str(asked.amount_cents),
            "numcli": self.client,
            "objet": f"Facture {asked.number}",
            # letters and digits alone
            "refdet": "".join(c for c in asked.reference if c.isalnum())[:LONGEST_REFERENCE],
            "saisie": self.kind,
            "urlnotif": asked.told_at,
            "urlredirect": asked.back_to,
        }
        session = _text(self._asked("creerPaiementSecurise", said), "idOp")
        if not session:
            raise ProviderDownError("idOp")
        return Begun(session, f"{self.page}?idop={session}")

    def found(self, session: str) -> Found:
        """What the State says of it; "" while it does not know."""
        try:
            root = self._asked("recupererDetailPaiementSecurise", {"idOp": session})
        except ProviderRefusedError as refusal:
            if str(refusal) == UNDER_WAY:
                return Found("", 0)
            raise
        outcome, amount = _text(root, "resultrans"), _text(root, "montant")
        if not outcome or not amount.isdigit():
            raise ProviderDownError("resultrans")
        return Found("paid" if outcome in PAID else "failed", int(amount))

    def _asked(self, act: str, said: dict[str, str]) -> etree._Element:
        fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in said.items())
        body = _ENVELOPE.format(namespace=_NAMESPACE, act=act, fields=fields).encode()
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        _status, read = call(self.service, body, headers, may_fail=True)
        return _root(read)


def _root(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise ProviderDownError("xml") from fault
    if root.getroottree().docinfo.doctype:
        raise ProviderDownError("doctype")
    code = _text(root, "code")
    if _text(root, "FonctionnelleErreur") or code:
        raise ProviderRefusedError(code or "unknown")
    if _named(root, "Fault") is not None:
        raise ProviderDownError("fault")
    return root


def _named(root: etree._Element, name: str) -> etree._Element | None:
    """The first element of this name, whatever its namespace and the case of its letters."""
    wanted = name.lower()
    for node in root.iter():
        if isinstance(node.tag, str) and etree.QName(node).localname.lower() == wanted:
            return node
    return None


def _text(root: etree._Element, name: str) -> str:
    node = _named(root, name)
    return "" if node is None else (node.text or "").strip()
