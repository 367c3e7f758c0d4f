#include "formats/pickle/heap.h"

#include <algorithm>
#include <array>

namespace assay::pickle {

std::uint64_t Heap::make(std::span<const Value> items, std::uint32_t held, std::uint32_t known) {
  const std::uint64_t id = next_node_++;
  if (id < kMaxNodes) {
    nodes_.emplace_back();
  } else {
    const Node& old = nodes_[id % kMaxNodes];
    if (old.held != old.known) remember(id - kMaxNodes, old.held);
  }
  Node& node = nodes_[id % kMaxNodes];
  node = {.first = 0, .count = items.size(), .kept = 0, .held = held, .known = known};
  keep(node, {}, items);
  return id;
}

Node* Heap::find(std::uint64_t id) {
  if (id >= next_node_ || next_node_ - id > kMaxNodes) return nullptr;
  return &nodes_[id % kMaxNodes];
}

std::span<const Value> Heap::items(const Node& node) const {
  if (next_item_ - node.first > kMaxItems) return {};
  return std::span(items_).subspan(node.first % kMaxItems, node.kept);
}

std::span<const Value> Heap::items(std::uint64_t id) {
  const Node* node = find(id);
  return node ? items(*node) : std::span<const Value>{};
}

void Heap::append(std::uint64_t id, std::span<const Value> items) {
  Node* node = find(id);
  if (!node) return;
  if (node->kept < kKeptItems && node->kept == node->count) {
    const auto old = this->items(*node);
    if (old.size() == node->kept) keep(*node, old, items);
  }
  node->count += items.size();
}

// A node's items stand in one run, so growing means copying the few there are.
void Heap::keep(Node& node, std::span<const Value> old_items, std::span<const Value> new_items) {
  std::array<Value, kKeptItems> run;
  const std::size_t old_count = std::min<std::size_t>(old_items.size(), kKeptItems);
  const std::size_t count = std::min<std::size_t>(old_count + new_items.size(), kKeptItems);
  std::copy_n(old_items.begin(), old_count, run.begin());
  std::copy_n(new_items.begin(), count - old_count, run.begin() + old_count);
  if (next_item_ % kMaxItems + count > kMaxItems) next_item_ += kMaxItems - next_item_ % kMaxItems;
  node.first = next_item_;
  node.kept = static_cast<std::uint32_t>(count);
  next_item_ += count;
  const std::size_t at = node.first % kMaxItems;
  if (items_.size() < at + count && items_.size() < kMaxItems) items_.resize(at + count);
  std::copy_n(run.begin(), count, items_.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint32_t Heap::held(std::uint64_t id, std::uint32_t known) {
  if (const Node* node = find(id)) return node->held;
  const auto found = remembered_.find(id);
  return found == remembered_.end() ? known : found->second;
}

void Heap::set_held(std::uint64_t id, std::uint32_t held) {
  if (Node* node = find(id)) {
    node->held = held;
  } else {
    remember(id, held);
  }
}

void Heap::remember(std::uint64_t id, std::uint32_t held) {
  if (remembered_.size() < kMaxRemembered || remembered_.contains(id)) {
    remembered_[id] = held;
  } else {
    overflowed_ = true;
  }
}

}  // namespace assay::pickle
