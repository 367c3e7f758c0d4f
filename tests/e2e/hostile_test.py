"""Every hostile pickle is high or critical, and a finding names what is called and with what.

What is known of each file (corpus/pickle/hostile.tsv, hidden.tsv) comes from the script that made it, not from a scan.
"""
import support
from support import CORPUS, check


def told_by(findings, told, shown):
    """Whether one finding names both. Anomalies have no callee, only their text."""
    kind, _, what = told.rpartition(" ")
    return [f for f in findings if shown in support.text_of(f)
            and (kind == "anomaly" or what in support.text_of(f))]


def main():
    folder = CORPUS / "pickle"
    _, json_report = support.scan(folder)
    report = support.ByFile(json_report)
    rows = support.hostile_rows("hostile.tsv") + support.hostile_rows("hidden.tsv")
    check(sum(row["file"].startswith("malicious/") for row in rows) >= 300, "fewer than 300 malicious pickles")
    for row in rows:
        name = row["file"]
        loud = report.at_least(name, "high")
        if check(loud, "%s: status %s; found %s" % (name, report.status(name),
                                                    support.describe(report.findings.get(name, [])))):
            check(told_by(loud, row["told"], row["shown"]),
                  "%s: no high finding names %s with %r; found %s" % (name, row["told"], row["shown"],
                                                                      support.describe(loud)))
    support.finish()


if __name__ == "__main__":
    main()
