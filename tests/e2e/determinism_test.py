"""The same bytes give the same report: for any number of jobs, any directory order, any folder."""
import random
import shutil

import support
from support import CORPUS, check

FORMATS = ["json", "sarif", "cyclonedx", "text"]


def sample_files():
    """Hostile files first of all, since only findings and gaps can come out of order."""
    files = [path for path in sorted(CORPUS.glob("*/m*/**/*")) if path.is_file()]
    files += [path for path in sorted(CORPUS.glob("*/valid/**/*")) if path.is_file()][::4]
    return files


def copy_in_order(files, target):
    for path in files:
        place = target / path.relative_to(CORPUS)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def report(folder, output, jobs):
    done = support.run("scan", "-f", output, "-j", str(jobs), "--no-cache", "--color", "never", ".",
                       cwd=folder,
                       env={"SOURCE_DATE_EPOCH": "0"})
    check(done.returncode in (0, 1, 2), "-f %s -j%d: exit code %d: %s" % (
        output, jobs, done.returncode, done.stderr.decode(errors="replace")[:300]))
    return done.stdout


def first_difference(one, other):
    for number, (left, right) in enumerate(zip(one.splitlines(), other.splitlines()), 1):
        if left != right:
            return "line %d: %r and %r" % (number, left[:200], right[:200])
    return "%d and %d bytes" % (len(one), len(other))


def main():
    files = sample_files()
    shuffled = random.Random(7).sample(files, len(files))
    with support.Folder() as folder:
        one, other = folder / "one" / "models", folder / "other" / "models"
        copy_in_order(files, one)
        copy_in_order(shuffled, other)
        for output in FORMATS:
            base = report(one, output, 1)
            check(base.strip(), "-f %s: an empty report" % output)
            for what, again in (("-j8", report(one, output, 8)),
                                ("a shuffled copy", report(other, output, 8))):
                check(again == base,
                      "-f %s differs for %s: %s" % (output, what, first_difference(base, again)))
    support.finish()


if __name__ == "__main__":
    main()
