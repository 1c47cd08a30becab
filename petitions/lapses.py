"""What was asked about a matter and waits, and is pointless once the matter goes elsewhere, or is done."""

from datetime import datetime

from petitions.beside import Beside
from petitions.enums import Decision, Verb
from petitions.models import Petition
from petitions.moves import ENDS_WORK, HANDS_OVER


def end(petition: Petition, verb: Verb, stands: Beside, *, at: datetime, within: bool) -> None:
    """End what was asked and waits, where the verb makes it pointless; ``within``: it stays in the unit that has it."""
    lapsed = {"decision": Decision.LAPSED, "decided_at": at}
    if stands.returns_waiting and verb in HANDS_OVER and not within:
        # whoever asked to be rid of it is rid of it
        petition.returns.waiting().update(decided_at=at)
    if stands.ruling_waits and verb in HANDS_OVER and not within:
        petition.rulings.waiting().update(**lapsed)
    if stands.extensions_waiting and verb in ENDS_WORK:
        petition.extensions.filter(decision=Decision.WAITING).update(**lapsed)
