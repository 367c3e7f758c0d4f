"""Files that people really published, where they are at hand: no false alarm and nothing left unread."""
import csv

import support
from support import check

MODELS = support.ROOT.parent / "shared" / "real-models"
# What a scanner of these formats has to read to the end.
READ_WHOLE = (".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".npy", ".npz", ".onnx",
              ".safetensors")


def main():
    if not (MODELS / "manifest.tsv").is_file():
        support.skip("no folder of published models beside this repository")
    _, json_report = support.scan(MODELS)
    report = support.ByFile(json_report)
    with open(MODELS / "manifest.tsv", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    safe = {True: 0, False: 0}
    for row in rows:
        name = row["file"]
        check(report.status(name) != "missing", "%s: not in the report" % name)
        loud = report.at_least(name, "high")
        check(not loud, "%s (%s): %s" % (name, row["label"], support.describe(loud)))
        if row["label"] == "benign":
            quiet = not report.at_least(name, "medium")
            safe[quiet] += 1
            if not quiet:
                print("not safe: %s: %s" % (name, support.describe(report.at_least(name, "medium"))))
        gaps = report.gaps.get(name, [])
        if not name.endswith(READ_WHOLE):
            gaps = [gap for gap in gaps if gap["reason"] != "unsupported"]
        check(not gaps, "%s: not examined: %s" % (name, gaps[:2]))
    check(safe[True] >= 0.95 * sum(safe.values()), "%d of %d benign files are safe" % (
        safe[True], sum(safe.values())))
    support.finish()


if __name__ == "__main__":
    main()
