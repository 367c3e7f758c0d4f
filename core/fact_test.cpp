#include "core/fact.h"

#include <catch2/catch.hpp>

#include "core/finding.h"

using namespace assay;

TEST_CASE("every fact kind has the word that rules use for it") {
  CHECK(kind_of(Import{}) == "import");
  CHECK(kind_of(Call{}) == "call");
  CHECK(kind_of(Anomaly{}) == "anomaly");
  CHECK(kind_of(Signature{}) == "signature");
}

TEST_CASE("names are joined with a dot only when there is a module") {
  CHECK(dotted({"os", "system"}) == "os.system");
  CHECK(dotted({"", "system"}) == "system");
}

TEST_CASE("words read back to what they were written from") {
  for (int i = 0; i < 10; ++i) {
    const auto code = static_cast<ParseErrc>(i);
    ParseErrc back{};
    CHECK((parse_errc_from(to_string(code), back) && back == code));
  }
  Severity severity{};
  CHECK((severity_from("critical", severity) && severity == Severity::critical));
  CHECK_FALSE(severity_from("Critical", severity));
  Status status{};
  CHECK((status_from("suspicious", status) && status == Status::suspicious));
}
