#include "formats/onnx/operators.h"

#include "core/relative_path.h"
#include "core/text.h"
#include "formats/onnx/domains.h"

namespace assay::onnx {
namespace {

constexpr std::size_t kMaxListed = 10;

std::string shown(std::string_view text) { return escaped(shortened(text, 128)); }

}  // namespace

void Operators::add_node(const Node& node) {
  if (node.op_type == "EPContext") check_ep_context(node);
  const Name name{node.domain, node.op_type};
  if (!operators_.contains(name) && !has_room(operators_.size(), node.at)) return;
  if (!node.in_function) graph_domains_.try_emplace(node.domain, node.at);
  Use& use = operators_[name];
  if (use.count++ == 0) use.first = node.at;
}

void Operators::check_ep_context(const Node& node) {
  const Field& at = node.ep_context_at;
  if (at.body_size == 0) return;  // another node of the graph has it
  if (node.embed_mode != 0) {
    return tally_.add(at.offset, at.size(), "onnx.ep-context", "a compiled graph inside the model");
  }
  context_.fact(at.offset, at.size(), Reference{"ep-context", node.ep_context});
  const std::string_view reason = at.body_size > node.ep_context.size()
                                      ? "is longer than any file's"
                                      : escape_reason(node.ep_context);
  if (reason.empty()) return;
  tally_.add(at.offset, at.size(), "onnx.ep-context-path",
             "path " + shown(node.ep_context) + " " + std::string(reason));
}

void Operators::add_function(const Field& at, const std::string& domain, const std::string& name,
                             const std::string& overload) {
  if (!has_room(overloads_.size(), at)) return;
  functions_.emplace(domain, name);
  if (!overloads_.emplace(domain, name, overload).second) {
    tally_.add(at.offset, at.size(), "onnx.duplicate-function",
               "function " + shown(domain) + "." + shown(name));
  }
  if (kind_of_domain(domain) == DomainKind::standard) {
    tally_.add(at.offset, at.size(), "onnx.function-shadows-operator",
               "function " + shown(name) + " in the standard's own domain");
  }
}

void Operators::add_operator_set(const Field& at, const std::string& domain,
                                 std::uint64_t version) {
  if (!has_room(operator_sets_.size(), at)) return;
  const std::string number = std::to_string(static_cast<std::int64_t>(version));
  if (!operator_sets_.emplace(domain, version).second) {
    tally_.add(at.offset, at.size(), "onnx.duplicate-opset",
               "domain " + shown(domain_name(domain)) + ", version " + number);
  }
  context_.metadata(at.offset, at.size(), "onnx.opset." + std::string(domain_name(domain)), number);
}

void Operators::finish(bool is_whole, bool needs_operator_set) {
  report_operators();
  if (is_whole) check_imports(needs_operator_set);
}

void Operators::check_imports(bool needs_operator_set) {
  if (operator_sets_.empty() && needs_operator_set) {
    tally_.add(0, 0, "onnx.no-opset", "the model imports no operator set");
    // No loader accepts it, and writers put the operator sets last: a cut file.
    context_.gap({ParseErrc::truncated, context_.source().size(),
                  "no operator set: the model's last fields are missing"});
  }
  for (const auto& [domain, at] : graph_domains_) {
    const bool imported = operator_sets_.contains(domain) ||
                          (domain.empty() && operator_sets_.contains("ai.onnx")) ||
                          (domain == "ai.onnx" && operator_sets_.contains(""));
    if (imported || operator_sets_.empty()) continue;
    tally_.add(at.offset, at.size(), "onnx.domain-without-opset",
               "domain " + shown(domain_name(domain)) + " is used but not imported");
  }
}

void Operators::report_operators() {
  const std::string* last_domain = nullptr;
  for (const auto& [name, use] : operators_) {
    const auto& [domain, op_type] = name;
    const std::string key = "onnx.op." + std::string(domain_name(domain)) + "." + op_type;
    context_.metadata(use.first.offset, use.first.size(),
                      shortened(key, context_.budget().limits().text_size),
                      std::to_string(use.count));
    if (is_python_operator(op_type) && !functions_.contains(name)) {
      tally_.add(use.first.offset, use.first.size(), "onnx.python-operator",
                 "operator " + shown(domain_name(domain)) + "." + shown(op_type));
    }
    if (!last_domain || *last_domain != domain) check_domain(domain);
    last_domain = &domain;
  }
}

void Operators::check_domain(const std::string& domain) {
  const DomainKind kind = kind_of_domain(domain);
  if (kind == DomainKind::standard) return;
  const std::string list = listed(domain);
  if (list.empty()) return;  // all of them are defined in the model
  const Field& at = operators_.lower_bound({domain, ""})->second.first;
  const char* const code = kind == DomainKind::contrib      ? "onnx.contrib-domain"
                           : kind == DomainKind::extensions ? "onnx.extensions-domain"
                           : kind == DomainKind::lookalike  ? "onnx.domain-lookalike"
                                                            : "onnx.custom-domain";
  tally_.add(at.offset, at.size(), code, "domain " + shown(domain) + ": " + list);
}

// The operators of `domain` that no function of the model defines.
std::string Operators::listed(const std::string& domain) const {
  std::string out;
  std::size_t count = 0;
  for (auto it = operators_.lower_bound({domain, ""});
       it != operators_.end() && it->first.first == domain; ++it) {
    if (functions_.contains(it->first)) continue;
    if (++count <= kMaxListed) out += (out.empty() ? "" : ", ") + shown(it->first.second);
  }
  if (count > kMaxListed) out += " and " + std::to_string(count - kMaxListed) + " more";
  return out;
}

bool Operators::has_room(std::size_t size, const Field& at) {
  if (size < kMaxDistinct) return true;
  if (!was_full_) {
    context_.gap(
        {ParseErrc::over_budget, at.offset,
         "more than " + std::to_string(kMaxDistinct) + " different operators or functions"});
  }
  was_full_ = true;
  return false;
}

}  // namespace assay::onnx
