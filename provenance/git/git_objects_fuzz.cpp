#include "core/byte_reader.h"
#include "core/text.h"
#include "provenance/git/clone.h"
#include "provenance/git/delta.h"
#include "provenance/git/inflate.h"
#include "provenance/git/pack_index.h"
#include "provenance/git/tree.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;

namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "HEAD",
    "packed-refs",
    "refs/heads/main",
    "objects/pack/pack-1.idx",
    "objects/pack/pack-1.pack",
    "objects/ce/013625030ba8dba906f756967f9e9ca394464a"};

void check_parts(Bytes input) {
  if (const auto entries = parse_tree(input)) {
    for (const TreeEntry& entry : *entries) {
      test::require(!entry.name.contains('/') && entry.name != "..", "names stay in their folder");
    }
  }
  if (const auto index = PackIndex::parse(input)) {
    static_cast<void>(index->find(input.first(20)));
  }
  const Bytes base = input.first(input.size() / 2);
  const Bytes delta = input.subspan(base.size());
  if (const auto made = apply_delta(base, delta, 1U << 20)) {
    test::require(made->size() == size_after_delta(delta), "a delta makes what it says");
  }
  const auto out = inflate(input, 1U << 16, true);
  test::require(!out || !*out || (*out)->size() <= (1U << 16), "no more than the limit");
}

// Files one behind the other: which, a size of two bytes, the content.
CloneCheck repository(Bytes input) {
  CloneCheck check{.now = 2'000'000'000};
  ByteReader in{input};
  while (in.remaining() > 3) {
    const std::string path(kNames[in.u8() % kNames.size()]);
    const auto size = std::min<std::uint64_t>(in.le<std::uint16_t>(), in.remaining());
    const std::string content(as_text(in.take(size)));
    check.store.push_back({path, content.size()});
    check.parts.push_back({path, 0, content});
  }
  return check;
}

}  // namespace

// Two walks agree, ask for nothing beyond a file, and believe in nobody.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  check_parts(input);
  CloneCheck check = repository(input);
  const CloneAnswer answer = check_clone(check, {});
  test::require(answer.evidence == check_clone(check, {}).evidence, "two walks agree");
  test::require(answer.evidence.state() != "verified", "no key was given");
  test::require(std::ranges::is_sorted(answer.evidence.coverage, {}, &Coverage::path), "sorted");
  check.parts.clear();
  for (const StoreNeed& need : check_clone(check, {}).needs) {
    const auto file = std::ranges::find(check.store, need.path, &StoreFile::path);
    test::require(file != check.store.end(), "what is asked for is listed");
    test::require(need.offset <= file->size && need.size <= file->size - need.offset,
                  "what is asked for lies in its file");
  }
  return 0;
}
