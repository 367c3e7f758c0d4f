"""Forms of the stack machine: the same call with every opcode that calls, pushes, keeps or drops values."""
import struct

from .ops import ARG, CALL, ECHO, STOP, SYSTEM, Sample, apply, binary, bytearray8, frame, glob, name, py2, short, text

OS = "os.system"
ONE = py2(ECHO)
LATIN = b"T" + struct.pack("<I", len(ECHO)) + ECHO
WIDE = b"X" + struct.pack("<I", len(ECHO)) + ECHO
WIDEST = b"\x8d" + struct.pack("<Q", len(ECHO)) + ECHO


def run(argument, protocol=b"\x80\x02"):
    return protocol + SYSTEM + argument + b"\x85R."


# stem, technique, bytes; the call is os.system('echo CANARY')
FORMS = [
    ("string-double-quoted", "STRING in double quotes", run(b'S"echo CANARY"\n', b"")),
    ("string-escapes", "STRING with every kind of escape", run(b"S'\\x65\\143ho\\x20C\\101NARY'\n", b"")),
    ("unicode-long-escape", "UNICODE with \\U escapes", run(text(b"echo \\U00000043ANARY"), b"")),
    ("binstring", "BINSTRING", run(LATIN)),
    ("binunicode", "BINUNICODE", run(WIDE)),
    ("binunicode8", "BINUNICODE8 for the argument", run(WIDEST, b"\x80\x04")),
    ("short-binbytes", "bytes for the command", run(binary(ECHO), b"\x80\x03")),
    ("bytearray8", "BYTEARRAY8 for the command", run(bytearray8(ECHO), b"\x80\x05")),
    ("tuple1-protocol1", "TUPLE1 without PROTO", run(ARG, b"")),
    ("inst-protocol4", "INST in protocol 4", b"\x80\x04(" + short(ECHO) + b"ios\nsystem\n."),
    ("obj-stack-global", "OBJ of a STACK_GLOBAL", b"\x80\x04(" + name(b"os", b"system") + short(ECHO) + b"o."),
    ("obj-extra-mark", "OBJ between outer marks", b"((" + SYSTEM + ARG + b"o1N."),
    ("newobj-ex-keyword-only", "NEWOBJ_EX with the command as keyword",
     b"\x80\x04" + glob("subprocess.Popen") + b")}" + short(b"args") + short(ECHO) + b"s\x92."),
    ("reduce-arguments-from-memo", "the argument tuple out of the memo",
     b"\x80\x02" + ONE + b"\x85q\x000" + SYSTEM + b"h\x00R."),
    ("callee-from-long-binget", "LONG_BINPUT and LONG_BINGET",
     b"\x80\x02" + SYSTEM + b"r\x00\x01\x00\x000j\x00\x01\x00\x00" + ONE + b"\x85R."),
    ("memoize-shifted", "MEMOIZE after PUT has taken its slot",
     b"\x80\x04Nq\x010" + SYSTEM + b"\x940h\x01" + ONE + b"\x85R."),
    ("memo-of-tuple-members", "callee and arguments memoized inside a list that is dropped",
     b"\x80\x02(" + SYSTEM + b"q\x01" + ONE + b"\x85q\x02l0h\x01h\x02R."),
    ("put-with-spaces", "PUT and GET with blanks and zeros", SYSTEM + b"p 007\n0g+7 \n" + CALL + b"."),
    ("dup-arguments", "DUP of the argument tuple", b"\x80\x02" + SYSTEM + ONE + b"\x8520R."),
    ("mark-in-list", "the call while a list is being gathered", b"](" + SYSTEM + CALL + b"e."),
    ("mark-in-dict", "the call as a value of a dict being gathered", b"(S'k'\n" + SYSTEM + CALL + b"d."),
    ("in-setitems", "the call among SETITEMS", b"}(S'k'\n" + SYSTEM + CALL + b"u."),
    ("in-additems", "the call among ADDITEMS", b"\x80\x04\x8f(" + SYSTEM + ONE + b"\x85R\x90."),
    ("in-frozenset", "the call inside a frozenset", b"\x80\x04(" + SYSTEM + ONE + b"\x85R\x91."),
    ("in-tuple3", "the call as last of TUPLE3", b"\x80\x02NN" + SYSTEM + ONE + b"\x85R\x87."),
    ("in-build-state", "the call inside a state", b"\x80\x02ccollections\nOrderedDict\n)R}" + py2(b"x")
     + SYSTEM + ONE + b"\x85Rsb."),
    ("in-binpersid", "BINPERSID of a tuple with the call", b"\x80\x02(" + SYSTEM + ONE + b"\x85RtQ."),
    ("behind-persid", "PERSID before the call", b"Pstorage\n0" + SYSTEM + CALL + b"."),
    ("result-is-argument", "one call's result is the next one's argument",
     SYSTEM + apply(SYSTEM, ARG) + b"\x85R."),
    ("called-twice", "called with other arguments first", SYSTEM + b"(S'true'\ntR0" + SYSTEM + CALL + b"."),
    ("out-of-band", "with an out-of-band buffer before it", b"\x80\x05\x97\x980" + SYSTEM + short(ECHO) + b"\x85R."),
    ("numbers-before", "INT, LONG, FLOAT and LONG1 before it",
     b"I01\n0L12345678901234567890L\n0F1.5\n0\x8a\x01\x070" + SYSTEM + CALL + b"."),
    ("proto-0", "PROTO 0", b"\x80\x00" + SYSTEM + CALL + b"."),
    ("proto-1", "PROTO 1", b"\x80\x01" + SYSTEM + CALL + b"."),
    ("proto-5", "PROTO 5, everything framed",
     b"\x80\x05" + frame(name(b"os", b"system") + b"\x94" + short(ECHO) + b"\x94\x85\x94R\x94.")),
    ("frame-of-zero", "a frame of no bytes", b"\x80\x04" + frame(b"") + name(b"os", b"system") + short(ECHO) + b"\x85R."),
    ("frame-cuts-opcode", "a frame that ends in the middle of an operand",
     b"\x80\x04\x95\x05" + b"\0" * 7 + name(b"os", b"system") + short(ECHO) + b"\x85R."),
    ("frame-within-frame", "a frame within a frame",
     b"\x80\x04" + frame(frame(name(b"os", b"system") + short(ECHO) + b"\x85R") + b".")),
    ("frame-without-proto", "frames without PROTO", frame(name(b"os", b"system") + short(ECHO) + b"\x85R.")),
    ("many-protos", "PROTO between all opcodes",
     b"\x80\x02" + SYSTEM + b"\x80\x04" + ONE + b"\x80\x03\x85\x80\x05R\x80\x02."),
    ("third-pickle", "in the third pickle of a row", b"\x80\x02N.I1\n.\x80\x04" + SYSTEM + short(ECHO) + b"\x85R."),
    ("after-data-pickle", "behind a pickle of numbers", b"\x80\x02](" + b"K\x01" * 200 + b"e.\x80\x02" + SYSTEM + ONE + b"\x85R."),
    ("deep-tuples", "under ten thousand nested tuples", b"\x80\x02" + ONE + b"\x85" * 10000 + b"0" + SYSTEM + ONE + b"\x85R."),
    ("deep-marks", "under ten thousand marks", b"(" * 10000 + SYSTEM + CALL + b"."),
    ("nops-before", "behind ten thousand dropped values", b"N0" * 10000 + SYSTEM + CALL + b"."),
    ("memo-flood", "behind a memo of ten thousand slots", b"\x80\x04N" + b"\x94" * 10000 + b"0" + SYSTEM + ONE + b"\x85R."),
    ("globals-flood", "behind two thousand harmless imports",
     b"".join(b"cdatetime\ndate\n0" for _ in range(2000)) + SYSTEM + CALL + b"."),
    ("list-filled-in-batches", "arguments appended to the list one by one", SYSTEM + b"]" + ARG + b"aR."),
    ("arguments-extended", "arguments put into the list by APPENDS", SYSTEM + b"](" + ARG + b"eR."),
    ("empty-stack-stop", "STOP with nothing below the call", b"\x80\x02" + SYSTEM + ONE + b"\x85R0."),
    ("leftovers", "many values left under the STOP", b"NNNN" + SYSTEM + CALL + b"N."),
]

SAMPLES = [Sample(stem, technique, "subprocess.Popen" if b"Popen" in data else OS, ECHO.decode(), data)
           for stem, technique, data in FORMS]
assert all(STOP in sample.data for sample in SAMPLES)
