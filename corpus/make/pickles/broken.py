"""Streams that a loader gives up on after the call has run."""
from .ops import ARG, CALL, ECHO, SYSTEM, Sample, name, short

HEAD = SYSTEM + CALL + b"0"
COMMAND = ECHO.decode()

# stem, technique, what follows the call
TAILS = [
    ("unknown-opcode", "an unknown opcode behind the call", b"\xff"),
    ("underflow", "POP of an empty stack behind the call", b"0."),
    ("missing-memo", "a memo slot that was never filled", b"h\x07."),
    ("missing-mark", "TUPLE without a mark", b"t."),
    ("pop-on-mark", "REDUCE reaches below a mark", b"N(R."),
    ("length-past-end", "BINBYTES longer than the file", b"B\xff\xff\xff\x7fx"),
    ("length-2-63", "BINBYTES8 of 2^64 - 1 bytes", b"\x8e" + b"\xff" * 8 + b"x"),
    ("negative-length", "BINSTRING with a negative length", b"T\xff\xff\xff\xffx"),
    ("protocol-6", "PROTO 6 behind the call", b"\x80\x06N."),
    ("unquoted-string", "STRING without quotes", b"Sx\n."),
    ("bad-int", "INT that is no number", b"Ix\n."),
    ("bad-escape", "a truncated \\u escape", b"V\\u00\n."),
    ("stack-global-of-ints", "STACK_GLOBAL of two integers", b"K\x01K\x02\x93."),
    ("stack-global-of-bytes", "STACK_GLOBAL of bytes", b"C\x02osC\x06system\x93."),
    ("stack-global-of-bytearrays", "STACK_GLOBAL of bytearrays", b"\x96\x02" + b"\0" * 7 + b"os" + short(b"system") + b"\x93."),
    ("module-not-utf8", "GLOBAL of a module that is not UTF-8", b"c\xff\nx\n."),
    ("empty-module", "GLOBAL of an empty module", b"c\nx\n."),
    ("odd-dict", "DICT with a key and no value", b"(Nd."),
    ("odd-setitems", "SETITEMS with a key and no value", b"}(Nu."),
    ("stop-under-mark", "STOP with a mark on top", b"(."),
    ("bad-put", "PUT with a negative index", b"Np-1\n."),
    ("bad-get", "GET with a word", b"gx\n."),
    ("extension-0", "EXT1 of code 0", b"\x82\0."),
    ("frame-2-63", "a frame of 2^64 - 1 bytes", b"\x95" + b"\xff" * 8 + b"N."),
    ("long4-negative", "LONG4 with a negative length", b"\x8b\xff\xff\xff\xff."),
    ("bad-utf8-text", "text that is not UTF-8, cut off", b"X\x04\0\0\0\xff\xff"),
    ("line-without-end", "GLOBAL whose line never ends", b"cos"),
    ("unquoted-end", "STRING with one quote", b"S'x\n."),
    ("obj-without-class", "OBJ with nothing on the mark", b"(o."),
    ("inst-without-mark", "INST without a mark", b"ios\nabort\n."),
]

SAMPLES = [Sample(stem, technique, "os.system", COMMAND, HEAD + tail) for stem, technique, tail in TAILS]
SAMPLES += [
    Sample("cut-off-framed", "a framed pickle cut off behind the call", "os.system", COMMAND,
           b"\x80\x04\x95\x40" + b"\0" * 7 + name(b"os", b"system") + short(ECHO) + b"\x85R\x8c"),
    Sample("reduce-of-int", "REDUCE of a number behind the call", "os.system", COMMAND, HEAD + b"K\x01)R" + ARG[:-1]),
]
