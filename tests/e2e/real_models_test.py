"""Files that people really published, where they are at hand: no false alarm and nothing left unread."""
import csv

import support
from support import check

MODELS = support.ROOT.parent / "shared" / "real-models"
# What a scanner of these formats has to read to the end.
READ_WHOLE = (".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".npy", ".npz", ".onnx",
              ".safetensors")


# A class of the author's own code. The folder's README calls such a file custom, whatever its row says.
OWN_CLASS = {"PKL-CALL-006"}
ALLOWED = {"benign": "medium", "custom": "high"}  # the first severity that is a false alarm


def main():
    if not (MODELS / "manifest.tsv").is_file():
        support.skip("no folder of published models beside this repository")
    _, json_report = support.scan(MODELS)
    report = support.ByFile(json_report)
    with open(MODELS / "manifest.tsv", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    custom = []
    for row in rows:
        name, label = row["file"], row["label"]
        check(report.status(name) != "missing", "%s: not in the report" % name)
        loud = report.at_least(name, ALLOWED[label])
        if label == "benign" and loud and {f["rule"] for f in loud} == OWN_CLASS:
            custom.append(name)
            loud = report.at_least(name, ALLOWED["custom"])
        check(not loud, "%s (%s): %s" % (name, label, support.describe(loud)))
        check_read(name, report)
    check(len(custom) <= len(rows) // 50, "labelled benign, but with a class of their own: %s" % custom)
    support.finish()


def check_read(name, report):
    """Nothing left unread, apart from formats that are recognised only; what is read and quiet is safe."""
    gaps = report.gaps.get(name, [])
    if not name.endswith(READ_WHOLE):
        gaps = [gap for gap in gaps if gap["reason"] != "unsupported"]
    check(not gaps, "%s: not examined: %s" % (name, gaps[:2]))
    if not report.gaps.get(name) and not report.at_least(name, "medium"):
        check(report.status(name) == "safe", "%s: %s without a reason" % (name, report.status(name)))


if __name__ == "__main__":
    main()
