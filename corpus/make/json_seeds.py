"""Seeds for the fuzz target of the JSON reader: what readers disagree about, one document each."""
import pathlib

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


if __name__ == "__main__":
    main()
