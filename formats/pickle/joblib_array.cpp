#include "formats/pickle/machine.h"

// Arrays that joblib interleaves with the opcodes (joblib/numpy_pickle.py):
// behind the BUILD of a NumpyArrayWrapper come, since joblib 1.2, one byte that
// says how many padding bytes follow it, then the array's bytes; an array of
// objects is a pickle of its own there.
namespace assay::pickle {
namespace {

// Bytes of an array; nothing when the product leaves 63 bits.
std::optional<std::uint64_t> byte_size(std::uint64_t element_size,
                                       const std::vector<std::uint64_t>& shape) {
  std::uint64_t size = element_size;
  for (const std::uint64_t extent : shape) {
    if (extent != 0 && size > static_cast<std::uint64_t>(INT64_MAX) / extent) return std::nullopt;
    size *= extent;
  }
  return size;
}

}  // namespace

void Machine::note_dtype(std::span<const Value> arguments, Value result) {
  if (arguments.empty() || session_.dtypes.size() >= Session::kMaxDtypes) return;
  ArrayDtype dtype;
  if (arguments[0].kind == Kind::string) dtype.code = text_of(arguments[0], 32);
  if (dtype.code.starts_with('O') || dtype.code == "object") dtype.has_objects = true;
  session_.dtypes[result.data] = dtype;
}

// (version, order, subdtype, names, fields, item size, alignment, flags, ...)
void Machine::note_dtype_state(Value dtype, Value state) {
  constexpr std::int64_t kHasObjects = 1;  // NPY_ITEM_REFCOUNT
  const auto found = session_.dtypes.find(dtype.data);
  if (found == session_.dtypes.end() || state.kind != Kind::tuple) return;
  const auto parts = tables_.items(state);
  if (parts.size() > 1) {
    const std::string order = text_of(parts[1], 4);
    if (!order.empty()) found->second.order = order[0];
  }
  if (parts.size() > 5 && parts[5].kind == Kind::integer) {
    found->second.item_size = parts[5].as_integer();
  }
  if (parts.size() > 7 && parts[7].kind == Kind::integer) {
    found->second.has_objects =
        found->second.has_objects || (parts[7].as_integer() & kHasObjects) != 0;
  }
}

std::optional<Value> Machine::member_of(Value dict, std::string_view key) {
  const auto items = tables_.items(dict);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (tables_.pooled(items[i]) == key) return items[i + 1];
  }
  return std::nullopt;
}

std::optional<std::vector<std::uint64_t>> Machine::extents_of(Value shape) {
  if (shape.kind != Kind::tuple && shape.kind != Kind::list) return std::nullopt;
  const auto items = tables_.items(shape);
  if (tables_.count(shape) != items.size()) return std::nullopt;
  std::vector<std::uint64_t> extents;
  for (const Value item : items) {
    if (item.kind != Kind::integer || item.as_integer() < 0) return std::nullopt;
    extents.push_back(item.data);
  }
  return extents;
}

bool Machine::joblib_array(Role role, Value state) {
  if (in_.offset() >= frame_end_) frame_end_ = UINT64_MAX;  // joblib ends a frame before an array
  if (session_.context) session_.context->format("joblib");
  if (role == Role::joblib_side_file) {
    const auto filename = member_of(state, "filename");
    if (filename && session_.context) {
      session_.context->fact(op_offset_, 1, Reference{"array-file", text_of(*filename, 4096)});
    }
    return true;
  }
  const auto dtype_value = member_of(state, "dtype");
  const auto shape = member_of(state, "shape");
  const auto dtype = dtype_value ? session_.dtypes.find(dtype_value->data) : session_.dtypes.end();
  if (!shape || dtype == session_.dtypes.end() || !dtype_value->is_call_result()) {
    return malformed("of an array wrapper names no dtype and shape");
  }
  const auto alignment = member_of(state, "numpy_array_alignment_bytes");
  const bool aligned = alignment && alignment->kind != Kind::none;
  session_.note_array(in_.offset());
  const bool skipped =
      dtype->second.has_objects ? object_array(*shape) : skip_array(dtype->second, *shape, aligned);
  sync_ = in_.offset();
  return skipped;
}

bool Machine::skip_array(const ArrayDtype& dtype, Value shape, bool aligned) {
  const auto element_size = dtype.element_size();
  const auto extents = extents_of(shape);
  const auto size =
      element_size && extents ? byte_size(*element_size, *extents) : std::optional<std::uint64_t>{};
  if (!size) return malformed("of an array wrapper has a dtype or shape without a size");
  const std::uint64_t start = in_.offset();
  if (aligned) {
    in_.skip(in_.u8());
    if (!in_.ok()) return truncated(1);
  }
  const std::uint64_t data = in_.offset();
  in_.skip(*size);
  if (!in_.ok()) return truncated(*size);
  session_.code.leave_out(start, in_.offset() - start);
  if (session_.context && session_.tensors++ < Session::kMaxTensors) {
    session_.context->fact(data, *size, Tensor{"", dtype.name(), *extents, *size});
  }
  return true;
}

// joblib hands the file to pickle.load here, which knows nothing of wrappers.
bool Machine::object_array(Value shape) {
  const std::uint64_t start = in_.offset();
  account();
  Machine inner(in_, session_, Loader::plain);
  const auto value = inner.run();
  if (!value) {
    error_ = value.error();
    return false;
  }
  if (session_.context && session_.tensors++ < Session::kMaxTensors) {
    const auto extents = extents_of(shape).value_or(std::vector<std::uint64_t>{});
    session_.context->fact(start, in_.offset() - start, Tensor{"", "object", extents, 0});
  }
  return true;
}

}  // namespace assay::pickle
