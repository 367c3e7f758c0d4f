#include "formats/pickle/tables.h"

namespace assay::pickle {
namespace {
constexpr std::size_t kMaxVisited = 24;
}  // namespace

Tables::Tables() {
  globals_.intern({});  // kUnknownGlobal
  roles_.push_back(Role::none);
  origins_.emplace_back();
}

std::uint32_t Tables::global(std::string_view module, std::string_view name) {
  key_.assign(module.substr(0, module.find('\0')));
  key_ += '\0';
  key_ += name;
  const auto id = globals_.intern(key_);
  if (!id) {
    globals_full_ = true;
    return kUnknownGlobal;
  }
  if (*id == roles_.size()) roles_.push_back(role_of(module, name));
  return *id;
}

Import Tables::import_of(std::uint32_t global) const {
  if (global == kUnknownGlobal) return {};
  const std::string_view key = globals_.text(global);
  const std::size_t split = key.find('\0');
  return {std::string(key.substr(0, split)), std::string(key.substr(split + 1))};
}

std::uint32_t Tables::pool(std::string_view text) {
  const auto id = strings_.intern(text);
  return id ? *id + kFirstPooled : 0;
}

std::optional<std::string_view> Tables::pooled(Value text) const {
  if (text.kind != Kind::string || text.detail < kFirstPooled) return std::nullopt;
  return strings_.text(text.detail - kFirstPooled);
}

Value Tables::make_result(Kind kind, std::uint32_t callee, std::span<const Value> args,
                          std::uint32_t held) {
  return {kind, origin({callee, held}), heap_.make(args, held, held)};
}

Value Tables::make_persistent_id(Value id) {
  const std::uint32_t held = this->held(id);
  return {Kind::persistent_id, held, heap_.make({&id, 1}, held, held)};
}

std::uint32_t Tables::origin(Origin origin) {
  const std::uint64_t key = static_cast<std::uint64_t>(origin.callee) << 32 | origin.held;
  if (key == last_origin_key_) return last_origin_;
  const auto found = origin_ids_.find(key);
  if (found != origin_ids_.end()) {
    last_origin_key_ = key;
    return last_origin_ = found->second;
  }
  if (origins_.size() >= kMaxOrigins) {
    origins_full_ = true;
    return 0;
  }
  const auto id = static_cast<std::uint32_t>(origins_.size());
  origins_.push_back(origin);
  origin_ids_.emplace(key, id);
  return id;
}

void Tables::add_items(Value container, std::span<const Value> items) {
  const std::uint32_t added = held(items);
  if (!container.is_call_result()) {
    heap_.append(container.data, items);
    unfold(container, items);
  }
  if (added == HeldSets::kEmpty) return;
  const std::uint32_t before = heap_.held(container.data, known(container));
  const std::uint32_t after = held_.unite(before, added);
  if (after != before) heap_.set_held(container.data, after);
}

void Tables::unfold(Value container, Value item) {
  Node* const outer = heap_.find(container.data);
  const Node* const inner = heap_.find(item.data);
  if (!outer || !inner || outer == inner) return;
  outer->unfolded += inner->unfolded;
  unfolds_without_end_ = unfolds_without_end_ || outer->unfolded > kMaxUnfolded;
}

std::uint32_t Tables::known(Value value) const {
  if (value.is_call_result()) return origins_[value.detail].held;
  return value.detail;
}

std::uint32_t Tables::held(Value value) {
  if (value.kind == Kind::global) return held_.single(value.detail);
  return value.has_node() ? heap_.held(value.data, known(value)) : HeldSets::kEmpty;
}

std::uint32_t Tables::held_now(std::span<const Value> values) {
  std::uint32_t all = held(values);
  queue_.clear();
  const auto visit = [&](std::span<const Value> members) {
    for (const Value member : members) {
      if (queue_.size() < kMaxVisited && member.has_node()) queue_.push_back(member);
    }
  };
  visit(values);
  for (std::size_t at = 0; at < queue_.size(); ++at) {
    const auto members = items(queue_[at]);
    all = held_.unite(all, held(members));
    visit(members);
  }
  return all;
}

std::optional<std::uint64_t> Tables::count(Value value) {
  const Node* node = heap_.find(value.data);
  if (!node || heap_.items(*node).size() != node->kept) return std::nullopt;
  return node->count;
}

std::string_view Tables::overflowed() const {
  if (globals_full_) return "distinct globals";
  if (origins_full_) return "distinct call results";
  if (held_.overflowed()) return "distinct sets of globals";
  if (unfolds_without_end_) return "values within values (2^48, shared ones counted each time)";
  return heap_.overflowed() ? "abstract values" : "";
}

}  // namespace assay::pickle
