#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::onnx {

// Who defines the operators of a domain.
enum class DomainKind : std::uint8_t {
  standard,    // the ONNX specification
  contrib,     // onnxruntime itself
  extensions,  // onnxruntime-extensions, a library the user has to load
  lookalike,   // spelled nearly like one of the above
  custom,      // anyone
};

DomainKind kind_of_domain(std::string_view domain);

// The empty domain by its other name, "ai.onnx".
std::string_view domain_name(std::string_view domain);

// Operators that run Python, or call any operator of PyTorch by name.
bool is_python_operator(std::string_view op_type);

}  // namespace assay::onnx
