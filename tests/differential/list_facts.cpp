// Prints what one parser sees in files named on standard input, text from them
// as hex:
//   file NAME
//   member NAME METHOD STORED-SIZE SIZE
//   tensor NAME DTYPE BYTE-SIZE DIMENSION...
//   metadata KEY
//   anomaly CODE
//   gap CODE TEXT            also for what ended the parse
#include <string_view>

#include "core/text.h"
#include "formats/npy/npy.h"
#include "formats/safetensors/safetensors.h"
#include "formats/zip/zip.h"
#include "tests/differential/file_list.h"
#include "tests/support/recording_context.h"

namespace {

std::string hex_of(std::string_view text) { return assay::hex(assay::as_bytes(text)); }

void show(const assay::Member& member) {
  std::cout << "member\t" << hex_of(member.name) << '\t' << member.method << '\t'
            << member.stored_size << '\t' << member.size << '\n';
}

void show(const assay::Tensor& tensor) {
  std::cout << "tensor\t" << hex_of(tensor.name) << '\t' << hex_of(tensor.dtype) << '\t'
            << tensor.byte_size;
  for (const std::uint64_t dimension : tensor.shape) std::cout << '\t' << dimension;
  std::cout << '\n';
}

void show(const assay::ParseError& error) {
  std::cout << "gap\t" << assay::to_string(error.code) << '\t' << error.message << '\n';
}

void list_file(const assay::Format& format, assay::Bytes bytes) {
  assay::Limits limits;
  limits.text_size = 1 << 20;
  const assay::test::Parse parsed(format, {bytes.begin(), bytes.end()}, "", limits);
  for (const auto& member : parsed.context.all<assay::Member>()) show(member);
  for (const auto& tensor : parsed.context.all<assay::Tensor>()) show(tensor);
  for (const auto& metadata : parsed.context.all<assay::Metadata>()) {
    std::cout << "metadata\t" << hex_of(metadata.key) << '\n';
  }
  for (const auto& anomaly : parsed.context.all<assay::Anomaly>()) {
    std::cout << "anomaly\t" << anomaly.code << '\n';
  }
  for (const auto& gap : parsed.context.gaps) show(gap);
  for (const auto& member : parsed.context.members) {
    for (const auto& complaint : member.complaints) show(complaint);
  }
  if (!parsed.result) show(parsed.result.error());
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::string_view wanted = argument_count == 2 ? arguments[1] : "";
  for (const assay::Format* format :
       {&assay::npy::format, &assay::safetensors::format, &assay::zip::format}) {
    if (format->name != wanted) continue;
    return assay::test::for_each_listed_file([&](assay::Bytes b) { list_file(*format, b); });
  }
  std::cerr << "usage: list_facts npy|safetensors|zip <FILE-NAMES\n";
  return 1;
}
