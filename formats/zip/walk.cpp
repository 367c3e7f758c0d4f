#include "formats/zip/walk.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/text.h"

namespace assay::zip {
namespace {

using std::to_string;

constexpr std::uint64_t kMaxCodeBytes = 1ULL << 20;
constexpr std::uint64_t kMaxExaminedRests = 64;
constexpr std::uint64_t kHeaderWindow = 16 * 1024;

// The magic alone may stand in any data; a header has a name and a known method.
bool is_plausible(const LocalHeader& header) {
  return header.has_magic && !header.fields.name.empty() &&
         !method_name(header.fields.method).starts_with("method ");
}

// Returns whether [begin, end) holds zeros only, looking at no more than needed.
bool is_zero(ByteSource& source, std::uint64_t begin, std::uint64_t end) {
  bool zero = true;
  for_each_block(source, begin, end - begin, [&](Bytes block, std::uint64_t) {
    zero = std::ranges::all_of(block, [](std::byte b) { return b == std::byte{0}; });
    return zero;
  });
  return zero;
}

const char* code_of(Region region) {
  switch (region) {
    case Region::prefix:
      return "zip.prefix-data";
    case Region::trailing:
      return "zip.trailing-data";
    default:
      return "zip.gap-bytes";
  }
}

}  // namespace

Walker::Walker(ParseContext& context, MemberReader& members)
    : context_(context),
      members_(members),
      magics_(context.source()),
      headers_(context.source(), 0, kHeaderWindow) {}

void Walker::walk(std::uint64_t begin, std::uint64_t end, Region region) {
  Budget& budget = context_.budget();
  std::uint64_t rest = begin;
  std::uint64_t from = begin;
  while (const auto at = magics_.find(from, end)) {
    if (budget.left(Cost::members) == 0) budget.spend(Cost::members);
    if (budget.left(Cost::members) == 0 || !budget.spend(Cost::nodes)) {
      context_.gap(budget.error(*at));
      return;
    }
    const std::uint64_t next = examine_local(*at, end, region);
    if (next == *at) {
      from = *at + 1;
      continue;
    }
    report_rest(rest, *at, region);
    from = rest = next;
  }
  report_rest(rest, end, region);
}

// Where stored data of undeclared size ends: at the descriptor that knows it,
// else at the next header.
std::uint64_t Walker::end_of_stored(std::uint64_t begin, std::uint64_t end) {
  std::uint64_t from = begin;
  while (const auto at = magics_.find(from, end)) {
    const ByteView view = context_.source().view(*at, 12);
    if (!starts_with(view, kDescriptorMagic)) return *at;
    ByteReader in{view};
    in.skip(8);
    const bool fits = in.le<std::uint32_t>() == *at - begin;
    if (fits || !context_.budget().spend(Cost::nodes)) return *at;
    from = *at + 1;
  }
  return end;
}

// Returns where its data ends, or `at` if no member stands there.
std::uint64_t Walker::examine_local(std::uint64_t at, std::uint64_t end, Region region) {
  const auto header = read_local_header(headers_, at);
  if (!header || !is_plausible(*header) || end - at < header->header_size) return at;

  Subject subject{.fields = header->fields};
  subject.info = {.name = std::string(header->fields.name), .offset = at + header->header_size};
  subject.is_encrypted = (header->fields.flags & kFlagEncrypted) != 0;
  const std::uint64_t data = subject.info.offset;
  const bool is_streamed = (header->fields.flags & kFlagDescriptor) != 0;
  subject.is_checked = !is_streamed || header->fields.stored_size != 0;
  if (!subject.is_checked) {
    const bool is_stored = header->fields.method == kStored;
    const std::uint64_t data_end = is_stored ? end_of_stored(data, end) : end;
    subject.fields.stored_size = subject.fields.size = data_end - data;
  }
  subject.fields.name = subject.info.name;
  subject.fields.extra = {};
  subject.views = views_of(subject.fields, nullptr);

  if (region != Region::no_directory) {
    context_.anomaly(at, header->header_size, "zip.hidden-member",
                     escaped(shortened(subject.info.name, context_.budget().limits().text_size)) +
                         " is in no central directory");
  }
  context_.fact(
      at, header->header_size,
      Member{shortened(subject.info.name, context_.budget().limits().text_size),
             method_name(subject.fields.method), subject.fields.stored_size, subject.fields.size});
  const std::uint64_t used = members_.examine(subject);
  // A size that reaches out of the region is not believed: what it covers is searched.
  if (used > end - data || subject.fields.stored_size > end - data) return data;
  const std::uint64_t data_end = data + used;
  if (!is_streamed || !starts_with(context_.source().view(data_end, 4), kDescriptorMagic)) {
    return data_end;
  }
  return std::min(end, data_end + 16);
}

void Walker::report_rest(std::uint64_t begin, std::uint64_t end, Region region) {
  if (begin >= end || region == Region::no_directory || region == Region::within) return;
  if (is_zero(context_.source(), begin, end)) {
    context_.anomaly(begin, end - begin, "zip.zero-padding",
                     to_string(end - begin) + " zero bytes that belong to no member");
    return;
  }
  context_.anomaly(begin, end - begin, code_of(region),
                   to_string(end - begin) + " bytes that belong to no member");
  context_.code_bytes(begin, std::min(end - begin, kMaxCodeBytes));
  if (region == Region::prefix || ++rests_ > kMaxExaminedRests) return;
  SliceSource bytes(context_.source(), begin, end - begin);
  context_.member({.name = "[bytes at " + to_string(begin) + "]",
                   .offset = begin,
                   .raw_data = true,
                   .unclaimed = true},
                  bytes);
}

}  // namespace assay::zip
