"""One call added to a benign file is found, named with its argument, and placed at its very byte."""
import random

import support
from support import CORPUS, check

import infect

FOLDERS = ("pickle", "torch", "npy")
VARIANT_COUNT = 2500


def all_variants():
    for folder in FOLDERS:
        for path in sorted((CORPUS / folder / "valid").rglob("*")):
            if path.is_file():
                name = path.relative_to(CORPUS / folder / "valid").as_posix().replace("/", ".")
                for variant in infect.variants(name, path.read_bytes()):
                    yield folder, variant


def in_place(finding, name, variant):
    """True when the path has the wanted members (None: the container names none) and the offset fits."""
    steps = finding["path"].split("!/")
    if steps[0] != name or finding["offset"] != variant.offset or len(steps) != 1 + len(
        variant.members):
        return False
    return all(wanted is None or step == wanted for step, wanted in zip(steps[1:], variant.members))


def check_variant(name, variant, report):
    status = report.status(name)
    check(status in ("unsafe", "suspicious"), "%s: status %s" % (name, status))
    loud = report.at_least(name, "high")
    naming = [f for f in loud if infect.CALLEE in support.text_of(f)
              and infect.ARGUMENT in support.text_of(f)]
    if check(naming,
             "%s: no high finding names %s(%s); found %s" % (name, infect.CALLEE, infect.ARGUMENT,
                                                             support.describe(loud))):
        check(any(in_place(f, name, variant) for f in naming),
              "%s: wanted members %s offset %d; found %s" % (
            name, variant.members, variant.offset, support.describe(naming)))


def main():
    with support.Folder() as folder:
        chosen = list(all_variants())
        chosen = random.Random(1).sample(chosen, min(VARIANT_COUNT, len(chosen)))
        named = []
        for number, (kind, variant) in enumerate(chosen):
            name = "%s/%d.%s" % (kind, number, variant.name)
            (folder / kind).mkdir(exist_ok=True)
            (folder / name).write_bytes(variant.data)
            named.append((name, variant))
        code, json_report = support.scan(folder)
        check(code == 1, "exit code %d for a folder of infected files" % code)
        report = support.ByFile(json_report)
        for name, variant in named:
            check_variant(name, variant, report)
        for name, variant in named[:3]:
            done = support.run("scan", folder / name)
            check(done.returncode == 1, "%s alone: exit code %d" % (name, done.returncode))
    support.finish()


if __name__ == "__main__":
    main()
