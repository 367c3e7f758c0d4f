#include "scanner/worker/record.h"

#include <utility>
#include <variant>

#include "core/byte_reader.h"
#include "scanner/worker/codec.h"
#include "scanner/worker/fact_codec.h"

namespace assay::wire {

template <typename A>
void fields(A& archive, LayerWords& v) {
  archive(v.layer, v.in_force, v.detail);
}

namespace {

constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kMaxFormatName = 64;

std::string encoded(const Fact& fact) {
  Writer writer;
  write(writer, fact);
  return writer.take();
}

bool is_digest(std::string_view text) {
  return text.empty() || (text.size() == kSha256Digits &&
                          text.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

}  // namespace

void RecordWriter::put(Record kind, std::string_view payload) {
  Writer header;
  header(static_cast<std::uint32_t>(payload.size()), kind);
  out_.append(header.text());
  out_.append(payload);
}

void RecordWriter::begin_artifact(std::string_view name) { put(Record::begin_artifact, name); }
void RecordWriter::begin_attempt(std::string_view format) { put(Record::begin_attempt, format); }
void RecordWriter::accept(std::string_view format) { put(Record::accept, format); }
void RecordWriter::reject() { put(Record::reject, {}); }

void RecordWriter::end_artifact(std::uint64_t size, std::string_view sha256) {
  Writer writer;
  writer(size, sha256);
  put(Record::end_artifact, writer.text());
}

void RecordWriter::fact(Fact fact) {
  std::string payload = encoded(fact);
  if (payload.size() > kMaxPayload) {
    gap({ParseErrc::over_budget, fact.offset, "a fact of more than 16 MiB, told in part"});
    if (Call* call = std::get_if<Call>(&fact.value)) {
      call->arguments.clear();
      call->passes.clear();
      payload = encoded(fact);
    }
    if (payload.size() > kMaxPayload) return;
  }
  put(Record::fact, payload);
}

void RecordWriter::gap(ParseError error) {
  Writer writer;
  write(writer, error);
  put(Record::gap, writer.text());
}

void RecordWriter::ready(const std::vector<LayerWords>& layers) {
  Writer writer;
  writer(layers);
  put(Record::ready, writer.text());
}

void RecordWriter::done(std::uint64_t file) {
  Writer writer;
  writer(file);
  put(Record::done, writer.text());
}

bool RecordReader::refuse(std::string_view why) {
  if (why_.empty()) why_ = why;
  return false;
}

bool RecordReader::feed(Bytes bytes) {
  if (!why_.empty()) return false;
  // Whole records are read where they lie; only a cut one is copied.
  const bool is_continued = !pending_.empty();
  if (is_continued) pending_.append(as_text(bytes));
  const Bytes all = is_continued ? as_bytes(pending_) : bytes;
  std::size_t position = 0;
  while (all.size() - position >= kHeaderSize) {
    ByteReader header(all.subspan(position));
    const auto size = header.le<std::uint32_t>();
    const std::uint8_t kind = header.u8();
    if (size > kMaxPayload) return refuse("a record that is too long");
    if (kind > std::to_underlying(Record::done)) return refuse("a record of no kind");
    if (header.remaining() < size) break;
    if (!take(static_cast<Record>(kind), header.take(size))) return false;
    position += kHeaderSize + size;
  }
  if (is_continued) {
    pending_.erase(0, position);
  } else {
    pending_.assign(as_text(all.subspan(position)));
  }
  return true;
}

bool RecordReader::take(Record kind, Bytes payload) {
  if ((kind == Record::ready) == is_ready_) return refuse("not ready, or twice");
  if (!spend(left_.bytes, kHeaderSize + payload.size(), "bytes")) return false;
  switch (kind) {
    case Record::ready:
      return take_ready(payload);
    case Record::begin_artifact:
      return take_artifact(as_text(payload));
    case Record::begin_attempt:
    case Record::accept:
      return take_format(kind, as_text(payload));
    case Record::end_artifact:
      return take_end(payload);
    case Record::fact:
      return take_fact(payload);
    case Record::gap:
      return take_gap(payload);
    case Record::done:
      return take_done(payload);
    case Record::reject:
      if (!payload.empty()) return refuse("a rejection with words");
      listener_.sink().reject();
      return true;
  }
  return refuse("a record of no kind");
}

bool RecordReader::spend(std::uint64_t& left, std::uint64_t amount, std::string_view what) {
  if (amount > left) return refuse("too many " + std::string(what));
  left -= amount;
  return true;
}

bool RecordReader::take_artifact(std::string_view name) {
  if (listener_.depth() >= limits_.depth) return refuse("artifacts nested too deep");
  const bool is_member = listener_.depth() > 0;
  if (is_member && name.size() > kMaxPathName) return refuse("a name that is too long");
  const std::uint64_t path = listener_.path_size() + kMemberMark.size() + name.size();
  if (is_member && !spend(left_.fact_bytes, path, "bytes of paths")) return false;
  if (!spend(left_.artifacts, 1, "artifacts")) return false;
  listener_.sink().begin_artifact(name);
  return true;
}

bool RecordReader::take_format(Record kind, std::string_view name) {
  if (name.size() > kMaxFormatName) return refuse("a format's name that is too long");
  if (kind == Record::accept) {
    listener_.sink().accept(name);
    return true;
  }
  if (listener_.depth() >= limits_.depth) return refuse("artifacts nested too deep");
  if (!spend(left_.attempts, 1, "attempts")) return false;
  listener_.sink().begin_attempt(name);
  return true;
}

bool RecordReader::take_end(Bytes payload) {
  Reader reader(payload);
  std::uint64_t size = 0;
  std::string sha256;
  reader(size, sha256);
  if (!reader.is_complete() || !is_digest(sha256)) return refuse("an end that is none");
  listener_.sink().end_artifact(size, sha256);
  return true;
}

bool RecordReader::take_fact(Bytes payload) {
  Reader reader(payload);
  Fact fact;
  if (!read(reader, fact)) return refuse("a fact that is none");
  if (!spend(left_.facts, 1, "facts")) return false;
  if (!spend(left_.fact_bytes, bytes_of(fact.value), "bytes of facts")) return false;
  listener_.sink().fact(std::move(fact));
  return true;
}

bool RecordReader::take_gap(Bytes payload) {
  Reader reader(payload);
  ParseError error;
  if (!read(reader, error)) return refuse("a gap that is none");
  if (!spend(left_.gaps, 1, "gaps")) return false;
  if (!spend(left_.bytes, listener_.path_size(), "bytes")) return false;
  listener_.sink().gap(std::move(error));
  return true;
}

bool RecordReader::take_ready(Bytes payload) {
  Reader reader(payload);
  std::vector<LayerWords> layers;
  reader(layers);
  if (!reader.is_complete()) return refuse("a greeting that is none");
  is_ready_ = true;
  listener_.on_ready(std::move(layers));
  return true;
}

bool RecordReader::take_done(Bytes payload) {
  Reader reader(payload);
  std::uint64_t file = 0;
  reader(file);
  if (!reader.is_complete() || !listener_.on_done(file)) return refuse("an end of no file");
  left_ = limits_;
  return true;
}

}  // namespace assay::wire
