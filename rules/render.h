#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "rules/catalog.h"
#include "rules/fields.h"

namespace assay::rules {

// The title of `rule` with its placeholders filled from the fact; each value is
// shortened. Not escaped: it may hold any bytes of the file.
std::string render_title(const Rule& rule, const Subject& subject);

// One sentence that ends with a full stop: the title, what a call looks like as
// source, and where it stands.
std::string render_message(std::string_view title, const Subject& subject, std::string_view path);

// The fields of the fact that a report shows, empty ones left out.
std::vector<Evidence> render_evidence(const Subject& subject);

// Those of them that tell this finding from another of the same rule and path.
std::vector<Evidence> render_identity(const Subject& subject);

}  // namespace assay::rules
