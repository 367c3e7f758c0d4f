#include "formats/onnx/identify.h"

#include "core/text.h"
#include "formats/onnx/schema.h"

namespace assay::onnx {
namespace {

constexpr int kMaxFields = 10'000;
constexpr int kMaxUnknown = 16;
constexpr int kInnerFields = 8;
constexpr std::uint64_t kMaxIrVersion = 64;
constexpr std::uint64_t kMaxProducerSize = 1024;
constexpr std::uint64_t kWindow = 4096;

// Whether the first fields of a `message` that is the payload of `field` are
// such a message's. Leaves the reader somewhere inside.
bool is_plausible(SourceReader& in, Message message, const Field& field) {
  in.seek(field.body_offset);
  int known = 0;
  for (; known < kInnerFields && in.offset() < field.end() && !in.at_end(); ++known) {
    const auto inner = read_field(in, field.end());
    if (!inner || !find_rule(message, *inner)) return false;
    if (inner->wire != Wire::varint) in.seek(inner->end());
  }
  return known > 0;
}

class Search {
 public:
  explicit Search(ByteSource& source) : source_(source), in_(source, 0, kWindow) {}

  Confidence run() {
    for (int i = 0; i < kMaxFields && !in_.at_end(); ++i) {
      const auto field = read_field(in_, kNoEnd);
      if (!field || !take(*field)) return Confidence::none;
      if (has_ir_version_ && has_graph_ && evidence_ > 0) return Confidence::certain;
      if (!in_.source().has(field->end() - 1)) {
        // What is left of a model that was cut off.
        return has_ir_version_ && (has_graph_ || has_producer_) ? Confidence::possible
                                                                : Confidence::none;
      }
      in_.seek(field->end());
    }
    return has_ir_version_ && has_graph_ ? Confidence::possible : Confidence::none;
  }

 private:
  // False when no model has this field.
  bool take(const Field& field) {
    if (!find_rule(Message::model, field)) return ++unknown_ <= kMaxUnknown;
    switch (field.number) {
      case 1:
        has_ir_version_ = true;
        return field.value >= 1 && field.value <= kMaxIrVersion;
      case 2:
      case 3:
        return is_text(field);
      case 7:
        has_graph_ = true;
        return weigh(Message::graph, field);
      case 8:
        return weigh(Message::operator_set, field);
      default:
        return true;
    }
  }

  bool weigh(Message message, const Field& field) {
    SourceReader inside(source_, field.body_offset, kWindow);
    if (is_plausible(inside, message, field)) ++evidence_;
    return true;
  }

  // Other formats hold a message here: TensorFlow's SavedModel, Core ML.
  bool is_text(const Field& field) {
    if (field.body_size > kMaxProducerSize) return false;
    const Bytes text = in_.peek(field.body_size);
    if (!looks_like_text(text)) return false;
    has_producer_ = has_producer_ || !text.empty();
    return true;
  }

  ByteSource& source_;
  SourceReader in_;
  bool has_ir_version_ = false;
  bool has_graph_ = false;
  bool has_producer_ = false;
  int evidence_ = 0;
  int unknown_ = 0;
};

}  // namespace

Confidence identify(const Probe& probe) {
  MemorySource head(probe.head);
  ByteSource& source = probe.source ? *probe.source : head;
  const Confidence found = Search(source).run();
  if (found != Confidence::none || extension_of(probe.name) != ".onnx") return found;
  return Confidence::possible;
}

}  // namespace assay::onnx
