#include "formats/zip/directory.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/text.h"

namespace assay::zip {
namespace {

using std::to_string;

// With the longest name, extra field and comment.
constexpr std::uint64_t kMaxEntrySize = kCentralEntrySize + 3 * 65'535;

void note(Archive& archive, ParseError error) {
  if (!archive.incomplete) archive.incomplete = std::move(error);
}

void compare_counts(ParseContext& context, const Place& place, std::uint64_t declared_count,
                    std::uint64_t count, std::uint64_t end) {
  if (declared_count != place.entry_count) {
    context.anomaly(place.offset, end - place.offset, "zip.entry-count-differs",
                    "the end record counts " + to_string(place.entry_count) +
                        " entries, the directory holds " + to_string(declared_count));
  }
  if (count != declared_count || end - place.offset != place.size) {
    context.anomaly(place.offset, end - place.offset, "zip.directory-size-differs",
                    "the end record gives the directory " + to_string(place.size) +
                        " bytes, its entries take " + to_string(end - place.offset));
  }
}

// Reads the entries of one directory, past its declared end too, as long as
// there are any: readers go by the size, by the count, or by the signature.
class DirectoryReader {
 public:
  DirectoryReader(ParseContext& context, Archive& archive, const Place& place)
      : context_(context), archive_(archive), place_(place) {}

  void read() {
    std::uint64_t held = 0;
    for (const auto& directory : archive_.directories) held += directory.size();
    const std::uint64_t size = std::min(place_.limit - place_.offset, kMaxDirectorySize - held);
    archive_.directories.push_back(read_bytes(context_.source(), place_.offset, size));
    const Bytes bytes = archive_.directories.back();
    const std::uint64_t most = size / kCentralEntrySize;
    archive_.entries.reserve(archive_.entries.size() + std::min(place_.entry_count, most));
    while (const auto entry = next(bytes)) {
      archive_.entries.push_back({*entry, entry->local_offset + place_.shift});
      position_ += entry->record_size;
      ++count_;
      if (position_ <= place_.size) declared_count_ = count_;
    }
    const std::uint64_t end = place_.offset + position_;
    archive_.structure.push_back({place_.offset, position_});
    check_end(bytes, end);
    compare_counts(context_, place_, declared_count_, count_, end);
  }

 private:
  std::optional<CentralEntry> next(Bytes bytes) {
    Budget& budget = context_.budget();
    const std::uint64_t here = place_.offset + position_;
    const auto entry = read_central_entry(bytes.subspan(position_), here);
    if (!entry) return std::nullopt;
    if (archive_.entries.size() > budget.limits().members || !budget.spend(Cost::nodes)) {
      note(archive_, {ParseErrc::over_budget, here,
                      "limit reached: the directory lists more members than " +
                          to_string(budget.limits().members)});
      return std::nullopt;
    }
    return entry;
  }

  void check_end(Bytes bytes, std::uint64_t end) {
    const bool is_cut = bytes.size() < place_.limit - place_.offset;
    if (is_cut && bytes.size() - position_ < kMaxEntrySize) {
      note(archive_, {ParseErrc::over_budget, end, "the central directories are over 64 MiB"});
    }
    if (position_ < place_.size && position_ < place_.limit - place_.offset) {
      note(archive_, {ParseErrc::malformed, end,
                      "the central directory breaks off: no entry at byte " + to_string(end)});
    }
  }

  ParseContext& context_;
  Archive& archive_;
  const Place& place_;
  std::size_t position_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t declared_count_ = 0;  // entries within the declared size
};

void report_record(ParseContext& context, const EndRecord& record) {
  const std::uint64_t size = record.end - record.offset;
  if (record.zip64_mismatch) {
    context.anomaly(record.offset, size, "zip.zip64-mismatch",
                    "the zip64 end record and the end record disagree");
  }
  if (record.comment_size > 0) {
    const std::uint64_t at = record.offset + kEndRecordSize;
    const std::size_t limit = context.budget().limits().text_size;
    const ByteView comment =
        context.source().view(at, std::min(record.comment_size, record.end - at));
    context.metadata(at, comment.size(), "zip.comment", shortened(as_text(comment), limit));
    context.code_bytes(at, comment.size());
  }
  if (record.multi_disk) {
    context.anomaly(record.offset, size, "zip.multi-disk", "part of a spanned archive");
  }
  if (record.places.size() == 1 && record.places[0].shifts_down()) {
    const Place& place = record.places[0];
    context.anomaly(record.offset, size, "zip.directory-offset-differs",
                    "the end record puts the directory at " +
                        to_string(place.offset - place.shift) + ", it stands at " +
                        to_string(place.offset));
  }
  if (record.places.size() > 1) {
    context.anomaly(record.offset, size, "zip.two-directories",
                    "readers of one end record find directories at " +
                        to_string(record.places[0].offset) + " and " +
                        to_string(record.places[1].offset));
  }
}

// Whether `offset` lies in the data of a member: the end record of an archive
// stored in this one. `entries` are ordered by `at`.
bool is_inside_member(ParseContext& context, const std::vector<Entry>& entries,
                      std::uint64_t offset) {
  auto next = std::ranges::upper_bound(entries, offset, {}, &Entry::at);
  if (next == entries.begin()) return false;
  const Entry& entry = *--next;
  SourceReader in{context.source(), entry.at, 4096};
  const auto header = read_local_header(in, entry.at);
  if (!header || offset - entry.at < header->header_size) return false;
  const std::uint64_t into = offset - entry.at - header->header_size;
  return entry.central.fields.stored_size > into &&
         entry.central.fields.stored_size - into >= kEndRecordSize;
}

class ArchiveReader {
 public:
  explicit ArchiveReader(ParseContext& context) : context_(context) {}

  // The first record from the end that leads to a directory is what loaders
  // take; every other one is a second opinion.
  Archive read() {
    const EndRecords found = find_end_records(context_.source());
    const auto first =
        std::ranges::find_if(found.records, [](const EndRecord& r) { return !r.places.empty(); });
    if (first == found.records.end()) return std::move(archive_);
    archive_.has_directory = true;
    add(*first);
    std::vector<Entry> ordered;
    if (found.records.size() > 1) ordered = archive_.entries;
    std::ranges::sort(ordered, {}, &Entry::at);
    for (const EndRecord& record : found.records) {
      if (&record != &*first) add_other(record, *first, ordered);
    }
    if (found.more) {
      context_.gap({ParseErrc::over_budget, found.records.back().offset,
                    "more than " + to_string(kMaxEndRecords) + " end records"});
    }
    return std::move(archive_);
  }

 private:
  void add(const EndRecord& record) {
    report_record(context_, record);
    archive_.structure.push_back({record.offset, record.end - record.offset});
    for (const Range& range : record.zip64_ranges) archive_.structure.push_back(range);
    for (const Place& place : record.places) {
      if (seen_.insert({place.offset, place.shift}).second) {
        DirectoryReader(context_, archive_, place).read();
      }
    }
  }

  void add_other(const EndRecord& record, const EndRecord& first,
                 const std::vector<Entry>& ordered) {
    const bool reaches_end = record.end == context_.source().size();
    const bool is_nested = is_inside_member(context_, ordered, record.offset);
    if (is_nested && !(reaches_end && record.comment_size > 0)) return;
    const bool holds_first = record.offset < first.offset && record.end > first.offset;
    context_.anomaly(
        record.offset, record.end - record.offset,
        holds_first ? "zip.comment-holds-end-record" : "zip.multiple-end-records",
        "end records at " + to_string(record.offset) + " and " + to_string(first.offset));
    if (!record.places.empty()) add(record);
  }

  ParseContext& context_;
  Archive archive_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

}  // namespace

Archive read_archive(ParseContext& context) { return ArchiveReader(context).read(); }

}  // namespace assay::zip
