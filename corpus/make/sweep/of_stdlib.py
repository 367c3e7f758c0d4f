"""Value types and containers of the standard library, as instances, classes and members."""
import abc
import argparse
import array
import ast
import collections
import csv
import datetime
import decimal
import difflib
import email.message
import enum
import fractions
import functools
import graphlib
import hashlib
import http
import inspect
import ipaddress
import itertools
import json
import locale
import logging
import math
import numbers
import operator
import pathlib
import pprint
import queue
import random
import re
import sched
import signal
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import textwrap
import threading
import time
import tokenize
import types
import typing
import urllib.parse
import urllib.request
import uuid
import weakref
import xml.dom.minidom
import xml.etree.ElementTree
import zipfile
import zoneinfo


WITH_ENUMS = (http, inspect, re, signal, socket, ssl, uuid)


def enum_members():
    """The members of the enums of each module, combined where flags combine."""
    for module in WITH_ENUMS:
        name = module.__name__
        for cls in vars(module).values():
            if isinstance(cls, enum.EnumMeta) and cls.__module__ == name and len(cls):
                yield "enum_%s_%s" % (name, cls.__name__), list(cls)
                if issubclass(cls, enum.Flag):
                    yield "flags_%s_%s" % (name, cls.__name__), functools.reduce(operator.or_, cls)


def values():
    yield from enum_members()
    yield "iterators", [iter([1, 2]), iter((1, 2)), iter({1: 2}), iter({1}), iter("ab"), iter(range(3)),
                        reversed([1, 2]), enumerate([1]), zip([1], [2]), iter(b"ab"), iter(bytearray(b"a"))]
    yield "itertools", [itertools.count(3), itertools.cycle([1, 2]), itertools.repeat(1, 3),
                        itertools.chain([1], [2]), itertools.islice([1, 2, 3], 2), itertools.product([1], [2]),
                        itertools.permutations([1, 2]), itertools.combinations([1, 2], 2),
                        itertools.zip_longest([1], [2, 3]), itertools.combinations_with_replacement([1, 2], 2),
                        itertools.compress([1, 2], [True])]
    yield "deque", collections.deque([1, [2]], 4)
    yield "user", [collections.UserDict(a=1), collections.UserList([1]), collections.UserString("a")]
    yield "counter", collections.Counter("abca")
    yield "defaultdicts", [collections.defaultdict(kind) for kind in
                           (int, list, dict, set, float, str, tuple, collections.Counter, collections.OrderedDict)]
    yield "partial", [functools.partial(int, base=2), functools.partial(max, 0),
                      collections.defaultdict(functools.partial(collections.defaultdict, int))]
    yield "getters", [operator.itemgetter(1), operator.itemgetter(0, 2), operator.attrgetter("name"),
                      operator.methodcaller("lower")]
    yield "methods", [str.lower, dict.fromkeys, int.from_bytes]
    yield "dates", [datetime.datetime(2024, 1, 1, fold=1), datetime.datetime.min, datetime.date.max,
                    datetime.timedelta.resolution, datetime.timezone(datetime.timedelta(hours=-3)),
                    datetime.time(1, 2, tzinfo=datetime.timezone.utc),
                    datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))]
    yield "decimals", [decimal.Decimal("NaN"), decimal.Decimal(10) ** 30, decimal.getcontext(),
                       decimal.DefaultContext, decimal.ROUND_UP]
    yield "fractions", [fractions.Fraction(1, 3), statistics.NormalDist(0, 1)]
    yield "uuids", [uuid.uuid5(uuid.NAMESPACE_DNS, "x"), uuid.uuid3(uuid.NAMESPACE_URL, "y")]
    yield "addresses", [ipaddress.ip_address("::1"), ipaddress.ip_network("::/64"), ipaddress.ip_interface("10.0.0.1/8")]
    yield "paths", [pathlib.Path("a/b"), pathlib.PurePath("c"), pathlib.PureWindowsPath("C:/x")]
    yield "patterns", [re.compile("a.*"), re.compile(b"b", re.I | re.X)]
    yield "array", [array.array(code, [1, 2]) for code in "bBhHiIlLqQfd"] + [array.array("u", "ab")]
    yield "random", [random.Random(0), random.Random(1).getstate()]
    yield "struct", [time.localtime(0), time.struct_time(range(9)), sys.float_info[:3]]
    yield "namespaces", [argparse.Namespace(lr=0.1), types.SimpleNamespace(a=[1])]
    yield "parsed", [urllib.parse.urlparse("https://a/b?c"), urllib.parse.urlsplit("https://a/b"),
                     urllib.parse.ParseResultBytes(*[b""] * 6)]
    yield "xml", xml.etree.ElementTree.fromstring("<a b='1'><c>t</c></a>")
    yield "message", email.message.EmailMessage()
    yield "logging", [logging.getLogger("train"), logging.LogRecord("n", 20, "f", 1, "m", (), None),
                      logging.Formatter("%(message)s"), logging.getLogger()]
    yield "exceptions", [kind("x") for kind in (ValueError, TypeError, KeyError, RuntimeError, IndexError,
                                               StopIteration, AssertionError, OSError, ImportError,
                                               KeyboardInterrupt, NotImplementedError, AttributeError)]
    yield "coded_exceptions", [UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), FileNotFoundError(2, "no"),
                               json.JSONDecodeError("m", "d", 0), subprocess.CalledProcessError(1, "true"),
                               queue.Empty(), SystemExit(1), zipfile.BadZipFile("x")]
    yield "classes", [int, object, type(None), type(...), type(NotImplemented), bytes, memoryview, collections.abc.Mapping, numbers.Number, abc.ABC]
    yield "functions", [len, print, math.sqrt, operator.add, json.dumps, textwrap.dedent,
                        max, min, abs, round, hash, isinstance, zip, any, all, random.random, time.time]
    yield "types", [types.SimpleNamespace, enum.Enum]
    yield "typing", [typing.Any, typing.List, typing.Union, typing.AnyStr,
                     typing.Callable, typing.NamedTuple]
    yield "ast", ast.parse("a = [1, 'x']")
    yield "signature", [inspect.Parameter("x", inspect.Parameter.KEYWORD_ONLY, default=3), inspect.signature(json.dumps)]
    yield "sequence_matcher", [difflib.Match(1, 2, 3), difflib.SequenceMatcher(None, "a", "b")]
    yield "dialect", [csv.excel, csv.unix_dialect]
    yield "misc", [pprint.PrettyPrinter, sched.Event, struct.error,
                   tokenize.TokenInfo(1, "a", (1, 0), (1, 1), "a"), weakref.WeakValueDictionary, 
                   locale.Error("x"), graphlib.CycleError("x")]
    yield "locks", [threading.Lock, ssl.SSLError, socket.timeout, hashlib.md5]
    yield "empty", None
