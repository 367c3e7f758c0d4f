"""Seeds for the fuzz target of the JSON reader: what readers disagree about, one document each."""
import pathlib

import samples

ROOT = pathlib.Path(__file__).resolve().parent.parent / "json"

SAMPLES = {
    "valid/accepted.json": b'{"a":[0,-1.5e-3,18446744073709551615,true,null,"\\ud83d\\ude00\\n"],"b":{}}',
    "malformed/byte_order_mark.json": b"\xef\xbb\xbf{}",
    "malformed/deep.json": b"[" * 200 + b"]" * 200,
    "valid/duplicate.json": b'{"a":1,"\\u0061":2}',
    "malformed/lone_surrogate.json": b'["\\ud800"]',
    "malformed/not_a_number.json": b"[NaN]",
    "malformed/trailing_nul.json": b"{}\0",
}


def main():
    for name, data in SAMPLES.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    entries = samples.load_expected("json")
    for name in SAMPLES:
        entries.setdefault(name, {"file": name, "status": "safe", "findings": []}).update(
            sha256=samples.sha256(ROOT / name), source="corpus/make/json_seeds.py",
            made_with="the standard library of python", licence=samples.LICENCE)
    samples.save_expected("json", entries)


if __name__ == "__main__":
    main()
