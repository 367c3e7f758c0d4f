#!/usr/bin/python3
"""Renders the samples of write_samples and checks every report.

usage: validate_reports_test.py WRITE_SAMPLES SOURCE_DIR
JSON and JSON lines are checked against docs/report.schema.json; SARIF and
CycloneDX against the published schemas, where ../shared/schemas holds them.
Exit: 0 all valid; 1 a report is not; 77 (for ctest: skipped) when Debian's
python3-jsonschema or the published schemas are absent.
"""
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile
import xml.dom.minidom

SKIPPED = 77


def strict(text):
    """JSON without what a lenient reader lets through."""
    def no_repeats(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError("a key comes twice in %r" % keys[:20])
        return dict(pairs)

    def no_constant(name):
        raise ValueError("%s is not JSON" % name)

    return json.loads(text, object_pairs_hook=no_repeats, parse_constant=no_constant)


def read(path):
    with open(path, encoding="utf-8", errors="strict", newline="\n") as file:
        return file.read()


def complain(path, errors):
    for error in errors:
        where = "/".join(map(str, error.absolute_path))
        print("%s: at /%s: %s" % (os.path.basename(path), where, error.message[:300]))
    return len(errors)


def check_own(folder, schema):
    """The number of errors in our own JSON reports."""
    import jsonschema
    jsonschema.Draft7Validator.check_schema(schema)
    line_schema = {"definitions": schema["definitions"], "$ref": "#/definitions/line"}
    report = jsonschema.Draft7Validator(schema)
    line = jsonschema.Draft7Validator(line_schema)
    count = 0
    for path in sorted(glob.glob(folder + "/*[!x].json")):
        count += complain(path, list(report.iter_errors(strict(read(path)))))
    for path in sorted(glob.glob(folder + "/*.jsonl")):
        for text in read(path).splitlines():
            count += complain(path, list(line.iter_errors(strict(text))))
    return count + check_schema_bites(folder, report) + check_older(folder, report)


def check_junit(folder):
    """JUnit has no schema of its own: well-formed, and its counts are right."""
    errors = 0
    for path in sorted(glob.glob(folder + "/*.xml")):
        root = xml.dom.minidom.parse(path).documentElement
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"),
                               ("errors", "error")):
            if int(root.getAttribute(attribute)) != len(root.getElementsByTagName(tag)):
                print("%s: %s are counted wrong" % (os.path.basename(path), attribute))
                errors += 1
    return errors


def check_schema_bites(folder, report):
    """A schema that accepts everything would make this test pass for ever."""
    good = strict(read(folder + "/ordinary.json"))
    misses = 0
    for key in list(good):
        bad = copy.deepcopy(good)
        del bad[key]
        misses += report.is_valid(bad)
    for path, value in ((("verdict",), "clean"), (("files", 0, "status"), "fine"),
                        (("gaps", 0, "offset"), -1), (("findings", 0, "severity"), "HIGH"),
                        (("tool", "sandbox"), "FULL"), (("tool", "sandbox_missing"), [1]),
                        (("files", 4, "members", 0, "sha256"), "A" * 64)):
        bad = copy.deepcopy(good)
        place = bad
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        misses += report.is_valid(bad)
    if misses:
        print("docs/report.schema.json accepts %d reports that are wrong" % misses)
    return misses


def check_older(folder, report):
    """What a later version added, a report of an earlier one does not have."""
    older = strict(read(folder + "/ordinary.json"))
    del older["tool"]["sandbox_missing"]
    return complain("ordinary.json as it was", list(report.iter_errors(older)))


def check_published(folder, validator):
    count = 0
    for kind, pattern in (("sarif", "/*.sarif"), ("cyclonedx-1.6", "/*.cdx.json")):
        files = sorted(glob.glob(folder + pattern))
        assert files, "no %s was rendered" % kind
        count += subprocess.call([sys.executable, validator, kind] + files) != 0
    return count


def main(argv):
    write_samples, source = argv[1:]
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("SKIPPED: python3-jsonschema is not installed: no report was checked")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        subprocess.check_call([write_samples, folder])
        with open(source + "/docs/report.schema.json", encoding="utf-8") as file:
            errors = check_own(folder, strict(file.read())) + check_junit(folder)
        validator = os.path.join(source, "..", "shared", "schemas", "validate.py")
        if not os.path.exists(validator):
            print("SKIPPED: no ../shared/schemas: SARIF and CycloneDX were not checked")
            return 1 if errors else SKIPPED
        errors += check_published(folder, validator)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
