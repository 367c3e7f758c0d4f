"""What `inspect` shows of pickles: opcodes, values and calls; alone, in archives, in any number."""
import io
import json
import pickle
import subprocess
import zipfile

import support
from support import check, run

HOSTILE = b"cos\nsystem\n(S'echo CANARY'\np0\ntR."
CUT = b"\x80\x04]\x94(K\x01K"
ESCAPE = b"c__main__\nA\x1b[31m\n(V\\u202e\nX\x04\0\0\0\x1b[0mtR."


def opcodes_of(*arguments, **options):
    """{path: (opcodes, end)} of an inspection."""
    done = run("inspect", "--json", *arguments, **options)
    document = json.loads(done.stdout)
    return {artifact["path"]: (artifact["opcodes"], artifact["opcodes_end"])
            for artifact in document["artifacts"] if "opcodes" in artifact}


def named(opcodes):
    return [(one["offset"], one["name"]) for one in opcodes]


def one_file(folder):
    (folder / "a.pkl").write_bytes(HOSTILE)
    text = run("inspect", "a.pkl", cwd=folder)
    check(text.returncode == 0, "inspect judges nothing: exit code %d" % text.returncode)
    check(b"metadata  pickle.opcodes = 7\n" in text.stdout, "the facts are still there")
    check(b"REDUCE" in text.stdout and b"# os.system('echo CANARY')\n" in text.stdout,
          "the call is not shown: %s" % text.stdout.decode())
    opcodes, end = opcodes_of("a.pkl", cwd=folder)["a.pkl"]
    check(named(opcodes) == [(0, "GLOBAL"), (11, "MARK"), (12, "STRING"), (27, "PUT"),
                             (30, "TUPLE"), (31, "REDUCE"), (32, "STOP")],
          "opcodes: %s" % named(opcodes))
    check(opcodes[2]["argument"] == "'echo CANARY'" and opcodes[2]["stack"] == 2,
          "the string: %s" % opcodes[2])
    check(end == {"is_complete": True, "gaps": []}, "the end: %s" % end)
    check(b"opcode" not in run("inspect", "--no-opcodes", "a.pkl", cwd=folder).stdout.replace(
        b"pickle.opcodes", b""), "--no-opcodes lists opcodes")
    stdin = opcodes_of("-", stdin=HOSTILE, cwd=folder)
    check([named(one) for one, _ in stdin.values()] == [named(opcodes)],
          "standard input: %s" % stdin)
    unprotected = opcodes_of("--no-sandbox", "a.pkl", cwd=folder)["a.pkl"]
    check(unprotected == (opcodes, end), "without workers: %s" % (unprotected,))


def details(folder):
    """A finding of a call says which loaders run it, and shows the opcodes around it."""
    (folder / "a.pkl").write_bytes(HOSTILE)
    with zipfile.ZipFile(folder / "m.pt", "w") as members:
        members.writestr("m/data.pkl", HOSTILE)
        members.writestr("m/version", "3\n")
    _, report = support.scan(folder)
    found = {finding["path"]: finding["evidence"] for finding in report["findings"]
             if finding["rule"] == "PKL-EXEC-001"}
    alone, member = found["a.pkl"], found["m.pt!/m/data.pkl"]
    check(alone["run_by"].startswith("pickle.load, ") and "weights_only=True" in
          alone["refused_by"], "a pickle's loaders: %s" % alone)
    check(member["run_by"] == "torch.load(weights_only=False)"
          and member["refused_by"] == "torch.load(weights_only=True)"
          and member["weights_only"] == "no: byte 0: GLOBAL os.system is not on the allow list",
          "a torch file's loaders: %s" % member)
    check(alone["opcodes"] == ["0: GLOBAL 'os system'", "11: MARK", "12: STRING 'echo CANARY'",
                               "27: PUT 0", "30: TUPLE", "31: REDUCE", "32: STOP"],
          "opcodes of a finding: %s" % alone)
    text = run("scan", "-v", "a.pkl", cwd=folder).stdout
    check(b"  31: REDUCE\n" in text, "-v shows no opcodes: %s" % text.decode())
    check(b"31: REDUCE" not in run("scan", "a.pkl", cwd=folder).stdout, "opcodes without -v")


def early_end(folder):
    (folder / "cut.pkl").write_bytes(CUT)
    text = run("inspect", "cut.pkl", cwd=folder)
    check(text.returncode == 2, "a cut pickle: exit code %d" % text.returncode)
    check(b"      stop  truncated at byte 7: BININT1 needs 1 bytes, 0 left\n" in text.stdout,
          "why the listing ends: %s" % text.stdout.decode())
    opcodes, end = opcodes_of("cut.pkl", cwd=folder)["cut.pkl"]
    check(len(opcodes) == 5 and not end["is_complete"] and end["gaps"][0]["offset"] == 7,
          "a cut pickle: %s, %s" % (named(opcodes), end))


def rows_and_limits(folder):
    (folder / "row.pkl").write_bytes(pickle.dumps(1, 0) + pickle.dumps(2, 0))
    opcodes, _ = opcodes_of("row.pkl", cwd=folder)["row.pkl"]
    check([one["offset"] for one in opcodes] == [0, 3, 4, 7], "a row: %s" % named(opcodes))
    limited, end = opcodes_of("--limit", "3", "row.pkl", cwd=folder)["row.pkl"]
    check(limited == opcodes[:3] and not end["is_complete"], "--limit 3: %s %s" % (limited, end))
    later, end = opcodes_of("--from", "4", "row.pkl", cwd=folder)["row.pkl"]
    check(later == opcodes[2:] and end["is_complete"], "--from 4: %s" % later)
    check(b"more opcodes follow" in run("inspect", "--limit", "3", "row.pkl", cwd=folder).stdout,
          "the limit is not told")


def archive(folder):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as members:
        members.writestr("model/data.pkl", HOSTILE)
        members.writestr("version", "3\n")
    with zipfile.ZipFile(folder / "outer.zip", "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("a/inner.zip", inner.getvalue())
        members.writestr("other.pkl", pickle.dumps([1]))
    listed = opcodes_of("outer.zip", cwd=folder)
    wanted = "outer.zip!/a/inner.zip!/model/data.pkl"
    check(sorted(listed) == [wanted, "outer.zip!/other.pkl"], "members: %s" % sorted(listed))
    check(len(listed[wanted][0]) == 7, "a member's opcodes: %s" % named(listed[wanted][0]))
    one = opcodes_of("--member", "other.pkl", "outer.zip", cwd=folder)
    check(one == {"outer.zip!/other.pkl": listed["outer.zip!/other.pkl"]}, "--member: %s" % one)
    below = opcodes_of("--member", "a/inner.zip", "outer.zip", cwd=folder)
    check(list(below) == [wanted], "--member of an archive: %s" % list(below))
    none = run("inspect", "--member", "nowhere", "outer.zip", cwd=folder)
    check(none.returncode == 3 and b"nowhere" in none.stderr, "an absent member: %s" % none)


def many_members(folder):
    with zipfile.ZipFile(folder / "many.zip", "w") as members:
        for number in range(30):
            members.writestr("%02d.pkl" % number, pickle.dumps(number))
    listed = opcodes_of("many.zip", cwd=folder)
    check(len(listed) == 20, "of 30 pickles %d are listed" % len(listed))
    text = run("inspect", "many.zip", cwd=folder).stdout
    check(text.count(b"its opcodes are not listed") == 10, "what is not listed is not told")
    last = opcodes_of("--member", "29.pkl", "many.zip", cwd=folder)
    check(list(last) == ["many.zip!/29.pkl"], "the last alone: %s" % list(last))


def hostile_text(folder):
    (folder / "\x1b[31m.pkl").write_bytes(ESCAPE)
    for arguments in ([], ["--json"]):
        out = run("inspect", *arguments, ".", cwd=folder).stdout
        check(b"\x1b" not in out and "\u202e".encode() not in out,
              "%s shows control characters: %r" % (arguments, out))


def large(folder):
    """A long pickle is listed as it is read: neither process keeps it."""
    with open(folder / "long.pkl", "wb") as out:
        out.write(b"\x80\x04")
        for _ in range(100):
            out.write(b"K\x010" * 10_000)
        out.write(b"N.")
    command = [support.ASSAY, "inspect", "--limit", "0", "--no-hash", "long.pkl"]
    with subprocess.Popen(["/usr/bin/env", "bash", "-c", 'ulimit -v 1500000; exec "$@"', "-",
                           *command], cwd=folder, stdout=subprocess.PIPE) as process:
        count, last = 0, b""
        for line in process.stdout:
            count, last = count + 1, line
    check(process.returncode == 0 and count > 2_000_000 and b"STOP" in last,
          "2,000,003 opcodes: exit code %s, %d lines, %r" % (process.returncode, count, last))


def valid_documents(folder):
    try:
        import jsonschema
    except ImportError:
        print("SKIPPED: python3-jsonschema is not installed: no document was checked")
        return
    schema = json.loads((support.ROOT / "docs" / "inspect.schema.json").read_text())
    (folder / "cut.pkl").write_bytes(CUT)
    (folder / "a.pkl").write_bytes(HOSTILE)
    (folder / "nothing").mkdir()
    for sources in ([support.CORPUS / "torch" / "valid"], ["a.pkl", "cut.pkl"], ["nothing"]):
        document = json.loads(run("inspect", "--json", *sources, cwd=folder).stdout)
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            check(False, "%s: %s" % (sources, error.message[:300]))
        check(sources == ["nothing"] or document["artifacts"], "%s: nothing is in it" % sources)


def main():
    for case in (one_file, details, early_end, rows_and_limits, archive, many_members,
                 hostile_text, large, valid_documents):
        with support.Folder() as folder:
            try:
                case(folder)
            except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                check(False, "%s: %r" % (case.__name__, error))
    support.finish()


if __name__ == "__main__":
    main()
