#include "formats/torch/layout.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

namespace {

// The lines of `text` as the names of records, each where it stands in it.
std::vector<torch::Record> records_in(std::string_view text) {
  std::vector<torch::Record> records;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = text.substr(at, text.substr(at).find('\n'));
    records.push_back(
        {.name = line, .offset = at, .size = line.size(), .is_compressed = line.ends_with('z')});
    at += line.size() + 1;
  }
  return records;
}

}  // namespace

// A layout's root is a piece of the first name, a raw record lies under it, and
// what is reported points at records.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const std::string_view text = as_text(test::input(data, size));
  const auto records = records_in(text);
  const auto layout = torch::recognise(records);
  if (!layout) return 0;
  test::require(records.front().name.starts_with(layout->root), "the root is the first name's");
  for (const torch::Record& record : records) {
    const bool is_raw = torch::is_raw_record(*layout, record.name);
    test::require(!is_raw || record.name.starts_with(layout->root + "/"), "raw is under the root");
    test::require(!is_raw || torch::metadata_key(*layout, record.name).empty(), "raw is no text");
  }
  Budget budget;
  test::RecordingContext context(source, "", budget);
  torch::report(*layout, records, context);
  for (const Fact& fact : context.facts) {
    test::require(test::lies_inside(fact.offset, fact.size, size), "facts lie inside");
  }
  return 0;
}
