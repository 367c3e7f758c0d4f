#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "scanner/analysis_sink.h"

// What a worker says to its parent: records of a 32-bit size, a byte of kind and
// a payload of that size (without the five bytes before it).
namespace assay::wire {

enum class Record : std::uint8_t {
  ready,           // the state of the sandbox, before the first file
  begin_artifact,  // from here to `done`: the words of AnalysisSink
  end_artifact,
  begin_attempt,
  accept,
  reject,
  fact,
  gap,
  done,  // a file: its number
};

inline constexpr std::size_t kHeaderSize = 5;
// No fact of any parser is larger; what is gets its lists taken away.
inline constexpr std::uint32_t kMaxPayload = 16U << 20;

// One layer of the sandbox, in the words of scanner/sandbox.
struct LayerWords {
  std::string layer;
  bool in_force = false;
  std::string detail;
};

// Where the worker's words go.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void append(std::string_view bytes) = 0;
};

// Writes what the analyzer says as records.
class RecordWriter final : public AnalysisSink {
 public:
  explicit RecordWriter(ByteSink& out) : out_(out) {}

  void begin_artifact(std::string_view name) override;
  void end_artifact(std::uint64_t size, std::string_view sha256) override;
  void begin_attempt(std::string_view format) override;
  void accept(std::string_view format) override;
  void reject() override;
  void fact(Fact fact) override;
  void gap(ParseError error) override;
  void ready(const std::vector<LayerWords>& layers);
  void done(std::uint64_t file);

 private:
  void put(Record kind, std::string_view payload);

  ByteSink& out_;
};

// What one file may make a worker say. More is not the work of our parsers.
struct RecordLimits {
  std::uint64_t facts = 0;
  std::uint64_t fact_bytes = 0;  // as the budget counts them, with the paths of members
  std::uint64_t gaps = 0;
  std::uint64_t artifacts = 0;
  std::uint64_t attempts = 0;
  std::uint64_t depth = 0;  // frames of the assembler
  std::uint64_t bytes = 0;  // of records, and of the path of each gap
};

class RecordListener {
 public:
  virtual ~RecordListener() = default;
  virtual void on_ready(std::vector<LayerWords> layers) = 0;
  // The artifact's words of the file that is being read now; never null.
  virtual AnalysisSink& sink() = 0;
  // False when that was not the file the parent waits for, or is not complete.
  virtual bool on_done(std::uint64_t file) = 0;
  // Frames that are open in the sink.
  virtual std::size_t depth() const = 0;
  // Bytes of the path of the artifact that is open in the sink.
  virtual std::size_t path_size() const = 0;
};

// Reads records out of bytes as they arrive, in pieces of any size. The bytes are
// hostile: at the first that no worker of ours would write it stops for good.
class RecordReader {
 public:
  RecordReader(RecordListener& listener, const RecordLimits& limits)
      : listener_(listener), limits_(limits), left_(limits) {}

  // False once the words make no sense; why() says what was wrong.
  bool feed(Bytes bytes);
  const std::string& why() const { return why_; }
  // The worker has greeted: it is locked down and could have seen a file.
  bool is_ready() const { return is_ready_; }

 private:
  bool take(Record kind, Bytes payload);
  bool take_artifact(std::string_view name);
  bool take_format(Record kind, std::string_view name);
  bool take_end(Bytes payload);
  bool take_fact(Bytes payload);
  bool take_gap(Bytes payload);
  bool take_ready(Bytes payload);
  bool take_done(Bytes payload);
  bool spend(std::uint64_t& left, std::uint64_t amount, std::string_view what);
  bool refuse(std::string_view why);

  RecordListener& listener_;
  RecordLimits limits_;
  RecordLimits left_;  // for the file that is being read now
  std::string pending_;
  std::string why_;
  bool is_ready_ = false;
};

}  // namespace assay::wire
