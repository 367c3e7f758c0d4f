#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "core/anomaly_tally.h"
#include "formats/onnx/wire.h"

namespace assay::onnx {

// One NodeProto as far as it matters.
struct Node {
  Node(const Field& where, bool is_in_function) : at(where), in_function(is_in_function) {}

  Field at;
  bool in_function = false;
  std::string op_type;
  std::string domain;
  // Attributes of EPContext: a compiled blob, or the path of one.
  std::string ep_context;
  Field ep_context_at;
  std::uint64_t embed_mode = 1;
};

// Counts operators, remembers local functions and operator sets, and says at the
// end which operators no standard runtime has.
class Operators {
 public:
  // Of different operators, domains, functions. More is a gap.
  static constexpr std::size_t kMaxDistinct = 10'000;

  Operators(ParseContext& context, AnomalyTally& tally) : context_(context), tally_(tally) {}

  void add_node(const Node& node);
  void add_function(const Field& at, const std::string& domain, const std::string& name,
                    const std::string& overload);
  // One operator_set of the model; `version` is an int64.
  void add_operator_set(const Field& at, const std::string& domain, std::uint64_t version);

  // Only a whole model can lack operator sets, which stand behind the graph.
  void finish(bool is_whole, bool needs_operator_set);

 private:
  struct Use {
    std::uint64_t count = 0;
    Field first;
  };
  using Name = std::pair<std::string, std::string>;  // domain, operator

  bool has_room(std::size_t size, const Field& at);
  void check_ep_context(const Node& node);
  void check_domain(const std::string& domain);
  void report_operators();
  void check_imports(bool needs_operator_set);
  std::string listed(const std::string& domain) const;

  ParseContext& context_;
  AnomalyTally& tally_;
  std::map<Name, Use> operators_;
  std::map<std::string, Field> graph_domains_;  // used by nodes outside functions
  std::set<Name> functions_;
  std::set<std::tuple<std::string, std::string, std::string>> overloads_;
  std::map<std::string, std::uint64_t> operator_sets_;
  bool was_full_ = false;
};

}  // namespace assay::onnx
