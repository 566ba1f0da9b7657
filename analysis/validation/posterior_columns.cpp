#include <npcsim/base/quantity_text.hpp>
#include <npcsim/validation/posterior_columns.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

// A parameter, and the model that has it.
struct Owner {
  const Parameter* parameter = nullptr;
  const std::string* model = nullptr;
};

// One for each pool whose model has a parameter of this name.
std::vector<Owner> owners_of(const EmulationSet& set, const std::string& name) {
  std::vector<Owner> out;
  for (std::size_t p = 0; p < set.pools(); ++p) {
    const ModelDoc& model = set.pool(p).base().model;
    const std::int32_t index = model.parameters.find(name);
    if (index >= 0)
      out.push_back({&model.parameters.rows()[static_cast<std::size_t>(index)], &model.name});
  }
  return out;
}

std::vector<std::string> all_parameters(const EmulationSet& set) {
  std::vector<std::string> out;
  for (std::size_t p = 0; p < set.pools(); ++p) {
    for (const Parameter& row : set.pool(p).base().model.parameters.rows()) {
      if (std::find(out.begin(), out.end(), row.name) == out.end()) out.push_back(row.name);
    }
  }
  return out;
}

// "in 'per month'", for messages.
std::string unit_text(const Parameter& parameter) {
  return parameter.suffix.empty() ? "without a unit" : "in '" + parameter.suffix + "'";
}

// Whether the same number means the same in both.
bool same_unit(const Parameter& a, const Parameter& b) {
  return a.dimension == b.dimension && inner_value(a, 1) == inner_value(b, 1);
}

void check_unit(const std::vector<Owner>& owners, SourcePlace place, Diagnostics& diagnostics) {
  const Owner& first = owners.front();
  for (const Owner& other : owners) {
    if (same_unit(*first.parameter, *other.parameter)) continue;
    diagnostics.contradiction(place,
                              "'" + first.parameter->name + "' is written " +
                                  unit_text(*first.parameter) + " in the model '" + *first.model +
                                  "' and " + unit_text(*other.parameter) + " in '" + *other.model +
                                  "'",
                              "one column has one unit: validate the models one by one");
    return;
  }
}

// Reports the first cell of a column that its parameter cannot have.
void check_cells(const CsvTable& file, const Posterior& posterior, std::size_t parameter,
                 std::size_t column, const Parameter& record, Diagnostics& diagnostics) {
  for (std::size_t row = 0; row < posterior.draws(); ++row) {
    const double number = posterior.written[row][parameter];
    if (inner_value(record, number)) continue;
    if (std::isfinite(number)) {
      diagnostics.error(file.place(row, column), "'" + record.name + "' is " + shortest(number) +
                                                     "; it cannot stand before '" + record.suffix +
                                                     "'");
    } else {
      diagnostics.error(file.place(row, column), "'" + record.name + "' has no value in this row",
                        "a draw has a number for every parameter of the file");
    }
    return;
  }
}

}  // namespace

void check_posterior(const CsvTable& file, const Posterior& posterior, const EmulationSet& set,
                     Diagnostics& diagnostics) {
  const std::vector<std::string> known = all_parameters(set);
  std::size_t found = 0;
  for (std::size_t i = 0; i < posterior.parameters.size(); ++i) {
    const std::string& name = posterior.parameters[i];
    const auto column = file.find(name);
    if (!column) continue;
    const std::vector<Owner> owners = owners_of(set, name);
    if (owners.empty()) {
      diagnostics.warning(file.header_place(*column),
                          "no model has a parameter '" + name + "': this column is not used",
                          suggestion(name, known));
      continue;
    }
    ++found;
    check_unit(owners, file.header_place(*column), diagnostics);
    check_cells(file, posterior, i, *column, *owners.front().parameter, diagnostics);
  }
  if (found == 0)
    diagnostics.error(file.header_place(0), "no column is a parameter of a model",
                      "columns are called as the models call their parameters; --base validates "
                      "the values of the documents");
}

}  // namespace npcsim
