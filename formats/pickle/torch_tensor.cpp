#include "formats/pickle/machine.h"

// What torch.save writes into its pickles (torch/_utils.py, torch/serialization.py).
namespace assay::pickle {

// ('storage', StorageType, key, location, element count[, view])
void Machine::note_storage(Value id) {
  const auto parts = id.kind == Kind::tuple ? tables_.items(id) : std::span<const Value>{};
  if (parts.size() < 5 || parts[1].kind != Kind::global) return;
  if (tables_.role(parts[1].detail) != Role::torch_storage) return;
  if (!session_.legacy || session_.storages.size() >= Session::kMaxStorages) return;
  const std::uint32_t size = element_size(tables_.import_of(parts[1].detail).name);
  session_.storages.emplace(text_of(parts[2], 64), size);
}

// Protocol 0 spells the id as repr() does, and torch.load refuses it; the sizes
// of the storages are still right:
// ('storage', <class 'torch.FloatStorage'>, '94', 'cpu', 6, None)
void Machine::note_storage(std::string_view id) {
  constexpr std::string_view kFront = "('storage', <class 'torch.";
  constexpr std::string_view kMiddle = "'>, '";
  if (!session_.legacy || !id.starts_with(kFront)) return;
  id.remove_prefix(kFront.size());
  const std::size_t type_end = id.find(kMiddle);
  if (type_end == id.npos || session_.storages.size() >= Session::kMaxStorages) return;
  const std::string_view type = id.substr(0, type_end);
  const std::string_view rest = id.substr(type_end + kMiddle.size());
  const std::uint32_t size = element_size(type.substr(type.rfind('.') + 1));
  if (size > 0) session_.storages.emplace(rest.substr(0, rest.find('\'')), size);
}

// _rebuild_tensor_v2(storage, offset, size, stride, ...): the storage is a
// persistent id with its type in it.
void Machine::note_tensor(std::span<const Value> arguments) {
  if (!session_.context || arguments.size() < 3) return;
  if (arguments[0].kind != Kind::persistent_id) return;
  const auto id = tables_.items(arguments[0]);
  const auto parts = id.empty() ? id : tables_.items(id[0]);
  if (parts.size() < 5 || parts[1].kind != Kind::global) return;
  if (session_.tensors++ >= Session::kMaxTensors) return;
  const std::string storage = tables_.import_of(parts[1].detail).name;
  const auto shape = extents_of(arguments[2]);
  if (!shape || element_size(storage) == 0) return;
  std::uint64_t size = element_size(storage);
  for (const std::uint64_t extent : *shape) {
    if (extent != 0 && size > UINT64_MAX / extent) return;
    size *= extent;
  }
  session_.context->fact(op_offset_, 1,
                         Tensor{"", std::string(element_type(storage)), *shape, size});
}

}  // namespace assay::pickle
