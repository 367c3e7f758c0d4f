"""Every corpus file gets the verdict that its expected.json records."""
import hashlib

import support
from support import CORPUS, check

KINDS = ("valid", "malicious", "malformed")


def check_benign(name, report):
    check(report.status(name) == "safe", "%s: status %s, not safe" % (name, report.status(name)))
    loud = report.at_least(name, "medium")
    check(not loud, "%s: benign, but %s" % (name, support.describe(loud)))
    gaps = report.gaps.get(name, [])
    check(not gaps, "%s: benign, but not examined: %s" % (name, gaps[:2]))


def check_hostile(name, entry, report):
    check(report.status(name) == entry["status"],
          "%s: status %s, expected %s" % (name, report.status(name), entry["status"]))
    for wanted in entry["findings"]:
        found = [f for f in report.findings.get(name, []) if f["rule"] == wanted["rule"]]
        hits = [f for f in found if wanted["contains"] in support.text_of(f)
                and f["severity"] == wanted["severity"]]
        check(hits, "%s: no %s %s naming %r; found %s" % (
            name, wanted["severity"], wanted["rule"], wanted["contains"], support.describe(found)))
    reasons = {gap["reason"] for gap in report.gaps.get(name, [])}
    missing = set(entry.get("gaps", [])) - reasons
    check(not missing, "%s: no gap for %s" % (name, sorted(missing)))


def check_recorded(recorded):
    """A sample without an entry would be tested by nothing."""
    for kind in KINDS:
        for path in sorted(CORPUS.glob("*/%s/**/*" % kind)):
            if path.is_file():
                name = path.relative_to(CORPUS).as_posix()
                check(name in recorded,
                      "%s: not in expected.json (corpus/make/expect.py records hostile files)" % name)


def main():
    _, json_report = support.scan(CORPUS)
    report = support.ByFile(json_report)
    recorded = set()
    for folder, entry in support.expected_entries():
        name = folder + "/" + entry["file"]
        recorded.add(name)
        path = CORPUS / name
        if not check(path.is_file(), "%s: recorded, but not there" % name):
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        check(digest == entry["sha256"], "%s: changed since it was recorded" % name)
        check(report.files.get(name, {}).get("sha256") == digest,
              "%s: the report gives another sha256" % name)
        if entry["file"].startswith("valid/"):
            check(entry["status"] == "safe" and not entry["findings"],
                  "%s: a benign entry is safe by definition" % name)
            check_benign(name, report)
        else:
            check_hostile(name, entry, report)
    check_recorded(recorded)
    support.finish()


if __name__ == "__main__":
    main()
