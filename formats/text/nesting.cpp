#include "formats/text/nesting.h"

namespace assay::text {

void Nesting::add(std::string_view text) {
  for (const char c : text) {
    if (state_ == State::other || too_deep_at_) return;
    take(c);
    ++position_;
  }
}

void Nesting::take(char c) {
  switch (state_) {
    case State::unknown:
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return;
      state_ = c == '{' || c == '[' ? State::outside : State::other;
      depth_ = 1;
      return;
    case State::outside:
      if (c == '"') state_ = State::inside;
      if ((c == ']' || c == '}') && depth_ > 0) --depth_;
      if ((c == '[' || c == '{') && ++depth_ > kMaxDepth) too_deep_at_ = position_;
      return;
    case State::inside:
      if (c == '\\') state_ = State::escaped;
      if (c == '"') state_ = State::outside;
      return;
    case State::escaped:
      state_ = State::inside;
      return;
    case State::other:
      return;
  }
}

}  // namespace assay::text
