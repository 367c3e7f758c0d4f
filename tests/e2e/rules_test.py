"""Every rule of the catalog has a sample it fires on and a near miss, and `assay rules test` proves them."""
import json
import re

import support
from support import ROOT, check

REQUIRED = ("id", "severity", "title", "match", "why", "fix", "samples")


def check_samples(rule):
    samples = rule.get("samples", {})
    for kind in ("fires", "silent"):
        check(samples.get(kind), "%s: no sample in %r" % (rule.get("id"), kind))
        for sample in samples.get(kind, []):
            if isinstance(sample, dict) and "file" in sample:
                check((ROOT / sample["file"]).is_file(),
                      "%s: %s does not exist" % (rule["id"], sample["file"]))


def main():
    catalog = [rule for path in sorted((ROOT / "rules/catalog").glob("*.json"))
               for rule in json.loads(path.read_text())["rules"]]
    check(catalog, "rules/catalog holds no rules")
    listed = support.run("rules", "list")
    check(listed.returncode == 0, "`rules list` exited with %d" % listed.returncode)
    seen = set()
    for rule in catalog:
        name = rule.get("id", "?")
        check(re.fullmatch(r"[A-Z]{3}-[A-Z0-9]+-\d{3}", name), "%s: not AREA-KIND-NNN" % name)
        check(name not in seen, "%s: twice in the catalog" % name)
        seen.add(name)
        missing = [key for key in REQUIRED if not rule.get(key)]
        check(not missing, "%s: without %s" % (name, missing))
        check_samples(rule)
        check(name.encode() in listed.stdout, "%s: not in `rules list`" % name)
    tested = support.run("rules", "test")
    output = (tested.stdout + tested.stderr).decode(errors="replace")
    check(tested.returncode == 0,
          "`rules test` exited with %d:\n%s" % (tested.returncode, output[-4000:]))
    support.finish()


if __name__ == "__main__":
    main()
