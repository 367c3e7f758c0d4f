#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "formats/pickle/value.h"

namespace assay::pickle {

// The unpickler's stack. A vector but for its top, which whoever runs many opcodes
// in a row keeps to himself (machine_sprint.cpp) and gives back.
class ValueStack {
 public:
  std::size_t size() const { return static_cast<std::size_t>(top_ - values_.data()); }
  bool empty() const { return top_ == values_.data(); }
  bool is_full() const { return top_ == values_.data() + values_.size(); }
  Value back() const { return top_[-1]; }
  Value operator[](std::size_t at) const { return values_[at]; }
  std::span<Value> from(std::size_t at) { return {values_.data() + at, top_}; }

  // There must be room, or a value to take.
  void push_back(Value value) { *top_++ = value; }
  void pop_back() { --top_; }
  // `size` is not more than there are.
  void shrink(std::size_t size) { top_ = values_.data() + size; }

  // False when it has `most` values already.
  bool grow(std::size_t most) {
    const std::size_t size = this->size();
    if (size >= most) return false;
    values_.resize(std::clamp<std::size_t>(2 * size, 64, most));
    top_ = values_.data() + size;
    return true;
  }

  Value* data() { return values_.data(); }
  Value* top() { return top_; }
  Value* limit() { return values_.data() + values_.size(); }
  void set_top(Value* top) { top_ = top; }

 private:
  std::vector<Value> values_;
  Value* top_ = nullptr;
};

}  // namespace assay::pickle
