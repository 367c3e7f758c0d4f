#include "formats/pickle/heap.h"

#include <algorithm>
#include <cstring>

namespace assay::pickle {

// The slot for a node beyond those there are: a new one, or that of the oldest.
Node& Heap::room_for(std::uint64_t id) {
  if (id < kMaxNodes) {
    const std::size_t more = std::max<std::size_t>(64, nodes_.size());
    nodes_.resize(std::min<std::size_t>(nodes_.size() + more, kMaxNodes));
  } else {
    const Node& old = nodes_[id % kMaxNodes];
    if (old.held != old.known) remember(id - kMaxNodes, {old.held, old.built});
  }
  return nodes_[id % kMaxNodes];
}

std::span<const Value> Heap::items(const Node& node) const {
  if (node.kept == 0 || next_item_ - node.first > kMaxItems) return {};
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
    if (this->items(*node).size() == node->kept) keep(*node, node->kept, items);
  }
  node->count += static_cast<std::uint32_t>(
      std::min<std::size_t>(items.size(), Node::kMaxCount - node->count));
  node->unfolded += static_cast<float>(items.size());
}

// Room for a run of `count` items, and where it begins. Runs never wrap.
std::uint32_t Heap::reserve(std::uint32_t count) {
  if (next_item_ % kMaxItems + count > kMaxItems) next_item_ += kMaxItems - next_item_ % kMaxItems;
  const std::uint32_t first = next_item_;
  next_item_ += count;
  const std::size_t end = first % kMaxItems + count;
  if (items_.size() < end)
    items_.resize(std::min<std::size_t>(std::max(end, 2 * items_.size()), kMaxItems));
  return first;
}

// A node's items stand in one run, so growing means copying the few there are.
// `items` are not in the ring themselves.
void Heap::keep(Node& node, std::size_t old_count, std::span<const Value> items) {
  const std::size_t added = std::min<std::size_t>(items.size(), kKeptItems - old_count);
  const std::uint32_t old_first = node.first;
  node.kept = static_cast<std::uint8_t>(old_count + added);
  node.first = reserve(node.kept);
  Value* run = items_.data() + node.first % kMaxItems;
  if (old_count > 0)
    std::memmove(run, items_.data() + old_first % kMaxItems, old_count * sizeof(Value));
  std::copy_n(items.data(), added, run + old_count);
}

std::uint32_t Heap::held(std::uint64_t id, std::uint32_t known) {
  if (const Node* node = find(id)) return node->held;
  const auto found = remembered_.find(id);
  return found == remembered_.end() ? known : found->second.held;
}

void Heap::set_held(std::uint64_t id, std::uint32_t held) {
  if (Node* node = find(id)) {
    node->held = held;
  } else {
    const auto found = remembered_.find(id);
    remember(id, {held, found != remembered_.end() && found->second.built});
  }
}

bool Heap::was_built(std::uint64_t id) {
  if (const Node* node = find(id)) return node->built;
  const auto found = remembered_.find(id);
  return found != remembered_.end() && found->second.built;
}

void Heap::set_built(std::uint64_t id) {
  if (Node* node = find(id)) {
    node->built = true;
  } else if (const auto found = remembered_.find(id); found != remembered_.end()) {
    found->second.built = true;
  }
}

void Heap::remember(std::uint64_t id, Remembered what) {
  if (remembered_.size() < kMaxRemembered || remembered_.contains(id)) {
    remembered_[id] = what;
  } else {
    overflowed_ = true;
  }
}

}  // namespace assay::pickle
