#include "formats/zip/zip.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/byte_reader.h"
#include "core/text.h"
#include "formats/torch/layout.h"
#include "formats/zip/directory.h"
#include "formats/zip/end_record.h"
#include "formats/zip/examine.h"
#include "formats/zip/flavour.h"
#include "formats/zip/names.h"
#include "formats/zip/records.h"

namespace assay::zip {
namespace {

// Four bytes may stand in front of anything; a local header has a name, a
// version that exists and a known method.
bool begins_with_member(Bytes head) {
  if (starts_with(head, kDescriptorMagic)) head = head.subspan(4);  // the spanning marker
  ByteReader in{head};
  if (as_text(in.take(4)) != kLocalMagic) return false;
  const auto version = in.le<std::uint16_t>();
  in.skip(2);
  const auto method = in.le<std::uint16_t>();
  in.skip(16);
  const auto name_size = in.le<std::uint16_t>();
  return in.ok() && (version & 0xFF) <= 100 && name_size > 0 &&
         !method_name(method).starts_with("method ");
}

// An end record in a tail may stand there by chance: it counts when it leads to
// a directory entry, or when it is the empty archive's, alone or at the very end.
bool leads_somewhere(const EndRecord& record, std::uint64_t file_size) {
  return std::ranges::any_of(record.places, [&](const Place& place) {
    if (place.entry_count != 0 || place.size != 0) return true;
    return record.offset == 0 || (record.end == file_size && record.comment_size == 0);
  });
}

Confidence identify(const Probe& probe) {
  if (begins_with_member(probe.head)) return Confidence::certain;
  if (probe.source == nullptr) return Confidence::none;
  const EndRecords found = find_end_records(*probe.source);
  const bool is_zip = std::ranges::any_of(
      found.records, [&](const EndRecord& record) { return leads_somewhere(record, probe.size); });
  return is_zip ? Confidence::certain : Confidence::none;
}

std::vector<torch::Record> torch_records(const Archive& archive) {
  std::vector<torch::Record> records;
  records.reserve(archive.entries.size());
  for (const Entry& entry : archive.entries) {
    const CentralEntry& c = entry.central;
    records.push_back({c.fields.name, c.offset, c.record_size, c.fields.method != kStored});
  }
  return records;
}

// Names the flavour; what torch would make of it, if torch would.
std::optional<torch::Layout> recognise(ParseContext& context, const Archive& archive) {
  const std::vector<torch::Record> records = torch_records(archive);
  auto layout = torch::recognise(records);
  if (layout) {
    context.format(layout->flavour);
    torch::report(*layout, records, context);
  } else {
    context.format(flavour_of(archive.entries));
  }
  return layout;
}

Parsed<void> parse_without_directory(ParseContext& context) {
  MemberReader members(context);
  Walker(context, members).walk(0, context.source().size(), Region::no_directory);
  return fail(ParseErrc::truncated, context.source().size(),
              "no end record leads to a central directory");
}

Parsed<void> parse(ParseContext& context) {
  Archive archive = read_archive(context);
  if (const auto failed = context.source().error()) return std::unexpected(*failed);
  if (!archive.has_directory) return parse_without_directory(context);

  const auto layout = recognise(context, archive);
  report_duplicates(context, archive.entries,
                    layout ? torch::kCaseCollision : "zip.case-collision");
  if (auto examined = Examiner(context, layout).examine(archive); !examined) return examined;
  if (const auto failed = context.source().error()) return std::unexpected(*failed);
  if (archive.incomplete) return std::unexpected(*archive.incomplete);
  return {};
}

}  // namespace

const Format format{.name = "zip", .identify = identify, .parse = parse};

}  // namespace assay::zip
