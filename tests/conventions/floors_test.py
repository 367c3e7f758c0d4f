"""The floors of the house: what a folder may include (docs: CONVENTIONS, the table of floors).

    python3 floors_test.py SOURCE_DIR

Reads #include lines only. Begins by planting violations in a scratch tree, to show that it sees them.
"""
import dataclasses
import pathlib
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
STANDARD = set("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution expected filesystem format forward_list
fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map
memory memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator
semaphore set shared_mutex source_location span spanstream sstream stack stdexcept stop_token streambuf string
string_view strstream syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set
utility valarray variant vector version assert.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h stdarg.h
stddef.h stdint.h stdio.h stdlib.h string.h time.h immintrin.h arm_neon.h""".split())
# Files, threads and the terminal belong to the scanner: the floors below are functions of their arguments.
OUTSIDE_WORLD = {"filesystem", "fstream", "future", "iostream", "stop_token", "thread"}
SYSTEM = re.compile(
    r"(sys|linux|netinet|arpa|asm)/|(unistd|fcntl|poll|dirent|signal|sched|pthread|termios|glob|fnmatch"
                    r"|pwd|grp|netdb|spawn|getopt|sysexits|syscall|dlfcn|cxxabi|execinfo|ucontext)\.h$")
# A tool of the build reads and writes files; it is in no library.
PROGRAM = re.compile(r"^int main\(", re.M)
# What only tests include is named so, or builds their inputs.
TEST_FILE = re.compile(r"_(test|fuzz|bench)\.cpp$|(^|/)test_\w+\.(h|cpp)$|_(builder|maker)\.(h|cpp)$")
# What several .cpp files of one folder need of a library; no other header may include it.
LIBRARY_HEADER = re.compile(r"(^|/)(ossl(_\w+)?|certificate_handle|timestamp_token)\.h$")


@dataclasses.dataclass(frozen=True)
class Floor:
    folder: str
    own: tuple               # folders of this repository
    third_party: tuple = ()  # in .cpp files only
    system: bool = False     # POSIX, files, threads


# The first folder that fits counts.
FLOORS = (
    Floor("core", ("core/",)),
    Floor("formats", ("core/", "formats/"), 
          ("zlib.h", "bzlib.h", "lzma.h", "zstd.h", "zstd_errors.h", "lz4.h", "lz4frame.h",
           "archive.h", "archive_entry.h", "iconv.h",
           "simdjson.h", "protozero/")),
    Floor("rules", ("core/", "rules/"), ("yara.h", "yara/", "simdjson.h")),
    Floor("provenance", ("core/", "provenance/"), ("openssl/", "simdjson.h", "zlib.h")),
    Floor("sbom", ("core/", "sbom/"), ("nlohmann/", "simdjson.h")),
    Floor("scanner/cli", ("core/", "formats/", "rules/", "provenance/", "sbom/", "scanner/"),
          ("CLI/", "spdlog/", "nlohmann/"), True),
    Floor("scanner", ("core/", "formats/", "rules/", "provenance/", "sbom/", "scanner/"),
          ("spdlog/", "seccomp.h", "toml++/"), True),
)
# nlohmann: tests read reports and catalogs with another JSON reader than the code they test.
# openssl, iconv: what the worker's libraries do behind the sandbox is tried out in tests.
TEST_ONLY = ("catch2/", "tests/", "nlohmann/", "openssl/evp.h", "iconv.h", "zlib.h")


def floor_of(path):
    return next((floor for floor in FLOORS if path.startswith(floor.folder + "/")), None)


def allowed(floor, path, bracket, name, is_program):
    is_test = bool(TEST_FILE.search(path))
    if is_test and name.startswith(TEST_ONLY):
        return True
    if bracket == '"' and not is_test and TEST_FILE.search(name):
        return False
    if bracket == '"' and LIBRARY_HEADER.search(name) and path.endswith(".h"):
        return is_test or bool(LIBRARY_HEADER.search(path))
    if bracket == '"' and name.startswith(floor.own):
        # Upwards within the scanner: the engine does not know its command line.
        return not (name.startswith("scanner/cli/") and floor.folder == "scanner")
    if name in STANDARD:
        return floor.system or is_test or is_program or name not in OUTSIDE_WORLD
    if SYSTEM.search(name):
        return floor.system or is_test
    return name.startswith(floor.third_party) and (
        path.endswith(".cpp") or bool(LIBRARY_HEADER.search(path)))


def violations(root):
    found = []
    for floor in FLOORS:
        for file in sorted((root / floor.folder).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix not in (".h", ".cpp") or floor_of(path) is not floor:
                continue
            text = file.read_text(errors="replace")
            is_program = bool(PROGRAM.search(text))
            for bracket, name in INCLUDE.findall(text):
                if not allowed(floor, path, bracket, name, is_program):
                    found.append("%s includes %s" % (path, name))
    return found


PLANTED = {
    "core/upwards.h": '#include "formats/format.h"',
    "core/library.cpp": "#include <zlib.h>",
    "core/files.cpp": "#include <fstream>",
    "formats/zip/rules.cpp": '#include "rules/evaluator.h"',
    "formats/zip/header.h": "#include <zlib.h>",
    "formats/zip/log.cpp": "#include <spdlog/spdlog.h>",
    "formats/zip/zip_test.cpp": '#include "scanner/engine.h"',
    "formats/zip/product.cpp": '#include "formats/zip/zip_builder.h"',
    "rules/bytes.cpp": '#include "formats/zip/zip.h"',
    "rules/scan.h": "#  include <yara.h>",
    "provenance/open.cpp": "#include <fcntl.h>",
    "provenance/key.h": '#include "provenance/crypto/ossl.h"',
    "provenance/made.cpp": '#include "provenance/crypto/key_maker.h"',
    "sbom/report.h": "#include <nlohmann/json.hpp>",
    "sbom/rules.cpp": '#include "rules/catalog.h"',
    "scanner/engine.cpp": '#include "scanner/cli/arguments.h"',
    "scanner/json.cpp": "#include <nlohmann/json.hpp>",
    "scanner/policy/toml.h": "#include <toml++/toml.h>",
    "scanner/cli/options.h": "#include <CLI/CLI.hpp>",
}
FINE = {
    "core/bytes.h": "#include <span>\n",
    "formats/zip/inflate.cpp": '#include <zlib.h>\n#include "core/bytes.h"\n#include "formats/pickle/pickle.h"\n',
    "formats/zip/more_test.cpp": '#include <catch2/catch.hpp>\n#include "tests/support/hex.h"\n#include <fstream>\n',
    "rules/yara/scanner.cpp": "#include <yara.h>\n",
    "formats/zip/zip_builder.h": '#include "tests/support/hex.h"',
    "rules/compile.cpp": "#include <fstream>\nint main() {}\n",
    "provenance/crypto/ossl.h": "#include <openssl/evp.h>\n",
    "provenance/crypto/key.cpp": '#include "provenance/crypto/ossl.h"\n',
    "provenance/crypto/key_maker.h": "#include <openssl/evp.h>\n",
    "scanner/cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "sbom/json.h"\n#include <unistd.h>\n',
}


def self_test():
    """Every planted violation is caught, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in {**PLANTED, **FINE}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text + "\n")
        caught = sorted(line.split()[0] for line in violations(root))
    return ["self-test: %s" % path for path in set(caught) ^ set(PLANTED)]


def main():
    problems = self_test() + violations(pathlib.Path(sys.argv[1]))
    print("\n".join(problems) or "every floor stands on the floors below it")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
