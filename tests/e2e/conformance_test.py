"""What the report says of benign files is what independent readers say: pickletools and zipfile."""
import _compat_pickle
import io
import zipfile

import support
from support import CORPUS, check

import infect

STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
PUTS = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
GETS = {"GET", "BINGET", "LONG_BINGET"}


def renamed(module, name, protocol):
    """Python 2 names of protocols below 3, as pickle.load(fix_imports=True) maps them."""
    if protocol < 3:
        if (module, name) in _compat_pickle.NAME_MAPPING:
            return _compat_pickle.NAME_MAPPING[module, name]
        module = _compat_pickle.IMPORT_MAPPING.get(module, module)
    return module, name


def imports_of(ops):
    """Enough of the machine for what picklers write: the operands of STACK_GLOBAL are the last two strings."""
    memo, recent, protocol, found = {}, [], 0, set()
    for name, arg, _ in ops:
        if name == "PROTO":
            protocol = arg
        elif name in ("GLOBAL", "INST"):
            found.add(renamed(*arg.split(" ", 1), protocol))
        elif name == "STACK_GLOBAL":
            found.add(renamed(*recent[-2:], protocol))
        elif name in STRINGS:
            recent.append(arg)
        elif name in GETS and isinstance(memo.get(int(arg)), str):
            recent.append(memo[int(arg)])
        if name in PUTS:
            memo[len(memo)
                 if arg is None else int(arg)] = recent[-1] if previous in STRINGS else None
        previous = name
    return found


def all_imports(data):
    return {pair for ops in infect.pickles(data) for pair in imports_of(ops)}


def reported_imports(file):
    return {(item["module"], item["name"]) for item in file.get("imports", [])}


def is_walkable(data):
    """pickletools cannot step over the raw arrays of joblib and of legacy torch files."""
    streams = infect.pickles(data)
    return bool(streams) and streams[-1][-1][2] + 1 == len(data)


def is_attribute(pair, imports):
    """Whether a dotted name is what getattr reaches from a name that is imported too."""
    module, name = pair
    return bool(imports & {("builtins", "getattr"), ("__builtin__", "getattr")}) and any(
        module == known and name.startswith(start + ".") for known, start in imports)


def check_pickle(name, data, file):
    wanted, got = all_imports(data), reported_imports(file)
    got -= {pair for pair in got - wanted if is_attribute(pair, wanted)}
    check(got == wanted,
          "%s: imports %s missing, %s extra" % (name, sorted(wanted - got), sorted(got - wanted)))


def check_zip(name, data, file):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {info.filename: archive.read(info) for info in archive.infolist()
                  if not info.is_dir()}
    members = {member["path"]: member for member in file.get("members", [])}
    missing = [entry for entry in inside if "%s!/%s" % (name, entry) not in members]
    check(not missing,
          "%s: members %s missing; reported %s" % (name, missing[:5], sorted(members)[:5]))
    for entry, content in inside.items():
        member = members.get("%s!/%s" % (name, entry))
        if member is not None:
            check(member["size"] == len(content), "%s!/%s: size %d" % (name, entry, member["size"]))
            if entry.endswith("data.pkl"):
                check_pickle("%s!/%s" % (name, entry), content, member)


def main():
    _, json_report = support.scan(CORPUS)
    for file in json_report["files"]:
        folder, _, rest = file["path"].partition("/")
        if not rest.startswith("valid/"):
            continue
        data = (CORPUS / file["path"]).read_bytes()
        if data[:4] == b"PK\x03\x04":
            check_zip(file["path"], data, file)
        elif folder == "pickle" and is_walkable(data):
            check_pickle(file["path"], data, file)
    support.finish()


if __name__ == "__main__":
    main()
