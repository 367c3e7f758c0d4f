// Prints the opcodes that the pickle parser walks over, for files named on
// standard input:
//   file NAME
//   op OFFSET NAME OPERAND   each opcode that was walked without complaint
//   stop OFFSET              behind a STOP; the next pickle follows
//   error OFFSET CODE TEXT   the opcode at OFFSET ended the walk
#include "formats/pickle/machine.h"
#include "formats/pickle/operand.h"
#include "tests/differential/file_list.h"

namespace {

using assay::pickle::Machine;

// One pickle. Returns whether it reached its STOP.
bool list_pickle(assay::SourceReader& in, assay::pickle::Session& session) {
  Machine machine(in, session, Machine::Loader::plain);
  const auto show = [&](std::uint64_t offset) {
    const auto view = session.source.view(offset, 1);
    const auto byte = static_cast<std::uint8_t>(view.bytes()[0]);
    std::cout << "op\t" << offset << '\t' << assay::pickle::info_of(byte).name << '\t'
              << assay::pickle::operand_text(session.source, offset) << '\n';
  };
  std::uint64_t at = in.offset();
  while (machine.step()) {
    show(at);
    at = in.offset();
  }
  if (const auto value = machine.finish(); !value) {
    const assay::ParseError& error = value.error();
    std::cout << "error\t" << error.offset << '\t' << assay::to_string(error.code) << '\t'
              << error.message << '\n';
    return false;
  }
  show(at);
  std::cout << "stop\t" << in.offset() << '\n';
  return true;
}

void list_file(assay::Bytes bytes) {
  assay::MemorySource source(bytes);
  assay::Budget budget;
  assay::pickle::Session session(nullptr, source, budget, 0);
  assay::SourceReader in(source);
  while (list_pickle(in, session) && !in.at_end()) {
  }
}

}  // namespace

int main() { return assay::test::for_each_listed_file(list_file); }
