#include "formats/json/utf8.h"

#include <simdjson.h>

namespace assay::json {

bool is_utf8(Bytes text) {
  const std::string_view view = as_text(text);
  return view.empty() || simdjson::validate_utf8(view.data(), view.size());
}

}  // namespace assay::json
