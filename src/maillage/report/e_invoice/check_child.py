"""Saxon, alone in a process of its own: rules compiled once, an invoice in, its faults out.

Run as a script by `report.e_invoice.check`; it imports nothing of Maillage.
"""

import json
import sys

from saxonche import PySaxonProcessor

# Saxon's own name for: read the lists of codes when the rules are compiled, not for each invoice
READ_ONCE = "http://saxon.sf.net/feature/preEvaluateDocFunction"
ANSWERED, REFUSED = 0, 3


def main(*rule_sets: str) -> None:
    """For each line, {"xml": …}: the reports of the rule sets, as a list in JSON."""
    saxon = PySaxonProcessor(license=False)
    saxon.set_configuration_property(READ_ONCE, "true")
    compiled = [
        saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=path) for path in rule_sets
    ]
    for line in sys.stdin.buffer:
        status = ANSWERED
        try:
            node = saxon.parse_xml(xml_text=json.loads(line)["xml"])
            said = json.dumps([rules.transform_to_string(xdm_node=node) for rules in compiled])
        except Exception as error:
            # Saxon raises kinds of its own: whatever it is, who asked is told
            status, said = REFUSED, str(error)
        answer = said.encode()
        sys.stdout.buffer.write(b"%d %d\n%b" % (status, len(answer), answer))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
