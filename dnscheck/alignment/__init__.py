"""What DMARC will say of a domain's mail: which of its providers pass, and by which way.

What is judged here is the DNS: whether a provider really signs only a test mail can tell.
"""

from dnscheck.alignment.advice import findings
from dnscheck.alignment.prediction import Alignment, predict
from dnscheck.alignment.unasked import unasked
from dnscheck.alignment.ways import ProviderOutlook, outlook

__all__ = ["Alignment", "ProviderOutlook", "findings", "outlook", "predict", "unasked"]
