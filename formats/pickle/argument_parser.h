#pragma once

#include <string_view>

namespace assay::pickle {

// Whether `source` is what scipy.stats writes into the state of a distribution to
// split its arguments, and no more: functions that return tuples of their own
// parameters. __setstate__ of the distribution runs this text
// (scipy/stats/_distn_infrastructure.py, parse_arg_template).
bool is_argument_parser(std::string_view source);

// Whether a formula, as `y ~ a + b:c`, names nothing but columns: patsy evaluates
// its terms as Python when statsmodels unpickles the data of a model
// (statsmodels/base/data.py, ModelData.__setstate__).
bool names_only_columns(std::string_view formula);

}  // namespace assay::pickle
