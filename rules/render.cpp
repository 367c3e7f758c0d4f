#include "rules/render.h"

#include "core/text.h"

namespace assay::rules {
namespace {

constexpr std::size_t kTitleValueSize = 120;
constexpr std::size_t kEvidenceValueSize = 512;

// All values of a field in one text.
std::string joined(const Field& field, const Subject& subject, std::size_t limit) {
  Values values;
  field.get(subject, values);
  std::string out;
  for (const std::string_view value : values.views()) {
    if (!out.empty()) out += ", ";
    out += value;
    if (out.size() > limit) break;
  }
  return shortened(out, limit);
}

// What is made many times over is one cause, whatever its arguments are.
bool tells_calls_apart(const Field& field, const Subject& subject) {
  return field.name == "expression" && subject.judgement && subject.judgement->use == Use::called;
}

template <typename Wanted>
std::vector<Evidence> collect(const Subject& subject, Wanted wanted) {
  std::vector<Evidence> out;
  for (const Field& field : fields()) {
    if (field.kind != kind_of(subject.fact.value) || !wanted(field)) continue;
    if (field.evidential == Evidential::listed) {
      Values values;
      field.get(subject, values);
      for (const std::string_view value : values.views()) {
        out.push_back({std::string(field.name), shortened(value, kEvidenceValueSize)});
      }
      continue;
    }
    std::string value = joined(field, subject, kEvidenceValueSize);
    if (!value.empty()) out.push_back({std::string(field.name), std::move(value)});
  }
  return out;
}

}  // namespace

std::string render_title(const Rule& rule, const Subject& subject) {
  std::string out;
  std::string_view rest = rule.info.title;
  for (;;) {
    const std::size_t open = rest.find('{');
    out += rest.substr(0, open);
    const std::size_t close = rest.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return out;
    const Field* field = find_field(rule.fact, rest.substr(open + 1, close - open - 1));
    if (field) out += joined(*field, subject, kTitleValueSize);
    rest.remove_prefix(close + 1);
  }
}

std::string render_message(std::string_view title, const Subject& subject, std::string_view path) {
  std::string out(title);
  while (out.ends_with('.')) out.pop_back();
  if (const Call* call = std::get_if<Call>(&subject.fact.value);
      call && !call->expression.empty()) {
    out += ": " + shortened(call->expression, kTitleValueSize);
  }
  out += ", at byte " + std::to_string(subject.fact.offset);
  if (!path.empty()) out += " of " + std::string(path);
  return out + ".";
}

std::vector<Evidence> render_evidence(const Subject& subject) {
  return collect(subject, [](const Field& field) { return field.evidential != Evidential::no; });
}

std::vector<Evidence> render_identity(const Subject& subject) {
  return collect(subject, [&](const Field& field) {
    return field.evidential == Evidential::identity || tells_calls_apart(field, subject);
  });
}

}  // namespace assay::rules
