#include "formats/archive/pax.h"

#include <charconv>
#include <string_view>

namespace assay::archive::tar_format {
namespace {

struct Record {
  std::string_view key;
  std::string_view value;
};

// Cuts the first record off `body`; nothing when it is malformed.
std::optional<Record> take_record(std::string_view& body) {
  const std::size_t space = body.find(' ');
  if (space == std::string_view::npos || space > 19) return std::nullopt;
  const auto size = parse_decimal(body.substr(0, space));
  if (!size || *size > body.size() || *size < space + 3) return std::nullopt;
  const auto record_size = static_cast<std::size_t>(*size);
  const std::string_view record = body.substr(space + 1, record_size - space - 2);
  const std::size_t equals = record.find('=');
  if (body[record_size - 1] != '\n' || equals == std::string_view::npos) return std::nullopt;
  body.remove_prefix(record_size);
  return Record{record.substr(0, equals), record.substr(equals + 1)};
}

template <typename T>
void assign(std::optional<T>& field, T value, PaxRecords& records) {
  if (field && *field != value) records.contradictory = true;
  field = std::move(value);
}

void assign_number(std::optional<std::uint64_t>& field, std::string_view text,
                   PaxRecords& records) {
  const auto number = parse_decimal(text);
  if (!number) {
    records.malformed = true;
    return;
  }
  assign(field, *number, records);
}

// Format 0.0 repeats GNU.sparse.offset and GNU.sparse.numbytes in turn.
void add_extent_half(std::string_view key, std::string_view text, PaxRecords& records) {
  const auto number = parse_decimal(text);
  if (!number) {
    records.malformed = true;
  } else if (key == "offset") {
    records.sparse_map.push_back({*number, 0});
  } else if (records.sparse_map.empty()) {
    records.malformed = true;
  } else {
    records.sparse_map.back().size = *number;
  }
}

void apply_sparse(std::string_view key, std::string_view value, PaxRecords& records) {
  records.sparse = true;
  if (key == "name") {
    records.sparse_name = std::string(value);
  } else if (key == "realsize" || key == "size") {
    assign_number(records.sparse_size, value, records);
  } else if (key == "major") {
    records.sparse_major = parse_decimal(value).value_or(0);
  } else if (key == "map") {
    records.sparse_map.clear();
    if (!parse_sparse_list(value, records.sparse_map)) records.malformed = true;
  } else if (key == "offset" || key == "numbytes") {
    add_extent_half(key, value, records);
  }
}

void apply(const Record& record, PaxRecords& records) {
  constexpr std::string_view kSparse = "GNU.sparse.";
  if (record.key == "path") {
    assign(records.path, std::string(record.value), records);
  } else if (record.key == "linkpath") {
    assign(records.linkpath, std::string(record.value), records);
  } else if (record.key == "size") {
    assign_number(records.size, record.value, records);
  } else if (record.key.starts_with(kSparse)) {
    apply_sparse(record.key.substr(kSparse.size()), record.value, records);
  }
}

}  // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool parse_sparse_list(std::string_view text, std::vector<Extent>& map) {
  std::vector<std::uint64_t> numbers;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const auto number = parse_decimal(text.substr(0, comma));
    if (!number) return false;
    numbers.push_back(*number);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    map.push_back({numbers[i], numbers[i + 1]});
  }
  return numbers.size() % 2 == 0;
}

void parse_pax(Bytes body, PaxRecords& records) {
  std::string_view rest = as_text(body);
  // Readers end at the first NUL where a record should begin: padding.
  while (!rest.empty() && rest.front() != '\0') {
    const auto record = take_record(rest);
    if (!record) {
      records.malformed = true;
      return;
    }
    apply(*record, records);
  }
}

}  // namespace assay::archive::tar_format
