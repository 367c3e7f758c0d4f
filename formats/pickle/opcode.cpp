#include "formats/pickle/opcode.h"

#include <array>

namespace assay::pickle {
namespace {

struct Row {
  Opcode opcode;
  OpcodeInfo info;
};

constexpr Row kRows[] = {
    {Opcode::MARK, {"MARK", 0}},
    {Opcode::STOP, {"STOP", 0}},
    {Opcode::POP, {"POP", 0}},
    {Opcode::POP_MARK, {"POP_MARK", 1}},
    {Opcode::DUP, {"DUP", 0}},
    {Opcode::FLOAT, {"FLOAT", 0}},
    {Opcode::INT, {"INT", 0}},
    {Opcode::BININT, {"BININT", 1}},
    {Opcode::BININT1, {"BININT1", 1}},
    {Opcode::LONG, {"LONG", 0}},
    {Opcode::BININT2, {"BININT2", 1}},
    {Opcode::NONE, {"NONE", 0}},
    {Opcode::PERSID, {"PERSID", 0}},
    {Opcode::BINPERSID, {"BINPERSID", 1}},
    {Opcode::REDUCE, {"REDUCE", 0}},
    {Opcode::STRING, {"STRING", 0}},
    {Opcode::BINSTRING, {"BINSTRING", 1}},
    {Opcode::SHORT_BINSTRING, {"SHORT_BINSTRING", 1}},
    {Opcode::UNICODE, {"UNICODE", 0}},
    {Opcode::BINUNICODE, {"BINUNICODE", 1}},
    {Opcode::APPEND, {"APPEND", 0}},
    {Opcode::BUILD, {"BUILD", 0}},
    {Opcode::GLOBAL, {"GLOBAL", 0}},
    {Opcode::DICT, {"DICT", 0}},
    {Opcode::EMPTY_DICT, {"EMPTY_DICT", 1}},
    {Opcode::APPENDS, {"APPENDS", 1}},
    {Opcode::GET, {"GET", 0}},
    {Opcode::BINGET, {"BINGET", 1}},
    {Opcode::INST, {"INST", 0}},
    {Opcode::LONG_BINGET, {"LONG_BINGET", 1}},
    {Opcode::LIST, {"LIST", 0}},
    {Opcode::EMPTY_LIST, {"EMPTY_LIST", 1}},
    {Opcode::OBJ, {"OBJ", 1}},
    {Opcode::PUT, {"PUT", 0}},
    {Opcode::BINPUT, {"BINPUT", 1}},
    {Opcode::LONG_BINPUT, {"LONG_BINPUT", 1}},
    {Opcode::SETITEM, {"SETITEM", 0}},
    {Opcode::TUPLE, {"TUPLE", 0}},
    {Opcode::EMPTY_TUPLE, {"EMPTY_TUPLE", 1}},
    {Opcode::SETITEMS, {"SETITEMS", 1}},
    {Opcode::BINFLOAT, {"BINFLOAT", 1}},
    {Opcode::PROTO, {"PROTO", 2}},
    {Opcode::NEWOBJ, {"NEWOBJ", 2}},
    {Opcode::EXT1, {"EXT1", 2}},
    {Opcode::EXT2, {"EXT2", 2}},
    {Opcode::EXT4, {"EXT4", 2}},
    {Opcode::TUPLE1, {"TUPLE1", 2}},
    {Opcode::TUPLE2, {"TUPLE2", 2}},
    {Opcode::TUPLE3, {"TUPLE3", 2}},
    {Opcode::NEWTRUE, {"NEWTRUE", 2}},
    {Opcode::NEWFALSE, {"NEWFALSE", 2}},
    {Opcode::LONG1, {"LONG1", 2}},
    {Opcode::LONG4, {"LONG4", 2}},
    {Opcode::BINBYTES, {"BINBYTES", 3}},
    {Opcode::SHORT_BINBYTES, {"SHORT_BINBYTES", 3}},
    {Opcode::SHORT_BINUNICODE, {"SHORT_BINUNICODE", 4}},
    {Opcode::BINUNICODE8, {"BINUNICODE8", 4}},
    {Opcode::BINBYTES8, {"BINBYTES8", 4}},
    {Opcode::EMPTY_SET, {"EMPTY_SET", 4}},
    {Opcode::ADDITEMS, {"ADDITEMS", 4}},
    {Opcode::FROZENSET, {"FROZENSET", 4}},
    {Opcode::NEWOBJ_EX, {"NEWOBJ_EX", 4}},
    {Opcode::STACK_GLOBAL, {"STACK_GLOBAL", 4}},
    {Opcode::MEMOIZE, {"MEMOIZE", 4}},
    {Opcode::FRAME, {"FRAME", 4}},
    {Opcode::BYTEARRAY8, {"BYTEARRAY8", 5}},
    {Opcode::NEXT_BUFFER, {"NEXT_BUFFER", 5}},
    {Opcode::READONLY_BUFFER, {"READONLY_BUFFER", 5}},
};
static_assert(std::size(kRows) == 68);

constexpr std::array<OpcodeInfo, 256> kTable = [] {
  std::array<OpcodeInfo, 256> table{};
  for (const Row& row : kRows) table[static_cast<std::uint8_t>(row.opcode)] = row.info;
  return table;
}();

}  // namespace

const OpcodeInfo& info_of(std::uint8_t opcode) { return kTable[opcode]; }

}  // namespace assay::pickle
