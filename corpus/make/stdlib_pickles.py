"""Pickles of the standard library's containers and value types, protocols 0 to 5."""
import array
import collections
import datetime
import decimal
import fractions
import http
import io
import ipaddress
import pathlib
import pickle
import re
import time
import types
import uuid
import zoneinfo

import samples


def shared_and_cyclic():
    row = [1, 2]
    loop = [row, row, {"row": row}]
    loop.append(loop)
    return loop


VALUES = {
    "constants": [None, True, False, 0, -1, 255, 65536, 2**31, 2**63, -2**200, 2**2100, 1.5,
                  float("inf"), 2 + 3j],
    "text": ["", "plain", "line\nbreak\\", "na\u00efve \u4e2d\u6587 \U0001f600", "\ud800",
             "x" * 300, b"", b"\x00\xff", b"y" * 300],
    "bytearray": bytearray(b"weights" * 50),
    "sequences": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [[[]]], list(range(2500)),
                  range(1, 10, 2),
                  slice(1, None, 2), Ellipsis, NotImplemented],
    "mappings": {"empty": {}, "many": {i: str(i) for i in range(1100)},
                 ("tuple", "key"): {"nested": {}}},
    "sets": [set(), {1, 2, 3}, frozenset("abc"), {"names", "of", "columns"}],
    "ordered_dict": collections.OrderedDict([("epoch", 3), ("loss", 0.25)]),
    "defaultdict": collections.defaultdict(list, {"a": [1]}),
    "nested_defaultdict": collections.defaultdict(int, a=1),
    "deque": collections.deque([1, 2, 3], maxlen=5),
    "counter": collections.Counter("mississippi"),
    "chain_map": collections.ChainMap({"a": 1}, {"b": 2}),
    "namedtuple": [decimal.Decimal("1.5").as_tuple(), time.gmtime(0)],
    "datetime": [datetime.datetime(2024, 2, 29, 12, 30, 1, 5), datetime.date(1999, 12, 31),
                 datetime.time(23, 59),
                 datetime.timedelta(days=1, seconds=2), datetime.timezone.utc,
                 datetime.datetime(2024, 1, 1,
                                   tzinfo=datetime.timezone(datetime.timedelta(hours=2), "EET"))],
    "numbers": [decimal.Decimal("3.14"), fractions.Fraction(22, 7), complex(1, -1)],
    "uuid": uuid.UUID("12345678123456781234567812345678"),
    "paths": [pathlib.PurePosixPath("models/best.pt"), pathlib.PureWindowsPath("models\\best.pt"),
              pathlib.PosixPath("data")],
    "enums": [http.HTTPStatus.OK, re.RegexFlag.IGNORECASE | re.RegexFlag.DOTALL,
              uuid.SafeUUID.unknown],
    "regex": re.compile(r"(?u)\b\w\w+\b"),
    "namespace": types.SimpleNamespace(lr=0.1, layers=[3, 4]),
    "builtin_names": [int, float, str, list, dict, len, ValueError,
                      collections.OrderedDict],
    "exceptions": [ValueError("bad shape"), KeyError("weight"), OSError(2, "No such file")],
    "array": array.array("d", [1.0, 2.0]),
    "addresses": [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_network("10.0.0.0/8")],
    "zone": zoneinfo.ZoneInfo("UTC"),
    "shared_and_cyclic": shared_and_cyclic(),
}


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__, "pickle of the standard library")
    for name, value in VALUES.items():
        for protocol in range(6):
            recorder.write("pickle", "stdlib/%s.p%d.pkl" % (name, protocol),
                           pickle.dumps(value, protocol))
    several = io.BytesIO()
    for protocol, value in enumerate([{"a": 1}, [2], (3,), {4}, "five", 6.0]):
        pickle.dump(value, several, protocol)
    recorder.write("pickle", "stdlib/six_pickles_in_a_row.pkl", several.getvalue())
    recorder.write("pickle", "stdlib/python_pickler.pkl", python_pickler())
    recorder.save()


def python_pickler():
    """The same protocol written by the pure Python pickler, whose memo numbers and frames differ."""
    out = io.BytesIO()
    pickle._Pickler(out,
                    4).dump(
                        {name: VALUES[name]
                         for name in ("sets", "datetime", "ordered_dict", "text")})
    return out.getvalue()


if __name__ == "__main__":
    main()
