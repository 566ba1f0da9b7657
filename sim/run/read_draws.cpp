// Reading draws of parameters, and everything that can be wrong with them.
#include <npcsim/model/prior.hpp>
#include <npcsim/random/stream.hpp>
#include <npcsim/run/parameter_draws.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace npcsim {

namespace {

constexpr std::size_t enough_errors = 20;
constexpr std::uint8_t most_attempts = 31;

// At most six digits, for numbers that somebody has to recognise.
std::string short_number(double value) {
  return shortest(parse_number(rounded(value, 6)).value_or(value));
}

// Where a parameter leaves a range.
struct Outside {
  std::int64_t draw;
  std::size_t varying;
  double number;     // as written
  std::string what;  // what it should be
  std::string path;
};

// Goes through all draws; each parameter is reported once for each place of use.
void find_outside(const ParameterDraws& draws, const ParameterTable& parameters,
                  const std::vector<ValueUse>& uses, const StopSign& stop,
                  const std::function<void(const Outside&)>& report) {
  std::vector<std::int32_t> place(parameters.rows().size(), -1);
  for (std::size_t v = 0; v < draws.varying.size(); ++v) {
    place[static_cast<std::size_t>(draws.varying[v])] = static_cast<std::int32_t>(v);
  }
  std::set<std::pair<std::size_t, std::size_t>> seen;  // parameter and use
  for (std::int64_t draw = 1; draw <= draws.count && seen.size() < enough_errors; ++draw) {
    go_on_unless(stop);
    const std::vector<double> numbers = draws.written(draw, parameters);
    const std::vector<double> values = draws.values(draw, parameters);
    std::set<std::size_t> wrong;
    for (std::size_t v = 0; v < draws.varying.size(); ++v) {
      const auto index = static_cast<std::size_t>(draws.varying[v]);
      const Parameter& parameter = parameters.rows()[index];
      if (std::isfinite(values[index]) && prior_allows(parameter, numbers[index])) continue;
      wrong.insert(index);
      if (!seen.emplace(index, uses.size()).second) continue;
      report({draw, v, numbers[index],
              std::isfinite(values[index])
                  ? std::string("its prior allows only what is ") + prior_range(parameter)
                  : "it cannot stand before '" + parameter.suffix + "'",
              ""});
    }
    for (std::size_t u = 0; u < uses.size(); ++u) {
      const double product = uses[u].value.at(values);
      if (uses[u].allows(product)) continue;
      for (const std::int32_t index : uses[u].value.parameters) {
        const auto at = static_cast<std::size_t>(index);
        if (place[at] < 0 || wrong.count(at) > 0) continue;
        wrong.insert(at);
        if (!seen.emplace(at, u).second) break;
        report({draw, static_cast<std::size_t>(place[at]), numbers[at],
                "it makes '" + uses[u].key + "' " + short_number(product) + ", which must be " +
                    uses[u].range,
                uses[u].path});
        break;
      }
    }
  }
}

// Names behind "# prior only:" in the lines above the header.
std::vector<std::string> remarked_prior_only(const std::string& text) {
  const std::string mark = "# prior only:";
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size() && text[at] == '#';) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.compare(0, mark.size(), mark) != 0) continue;
    std::string word;
    for (const char c : line.substr(mark.size()) + ",") {
      const bool separates = c == ',' || c == ' ' || c == '\r';
      if (!separates) word += c;
      if (separates && !word.empty()) {
        names.push_back(word);
        word.clear();
      }
    }
  }
  return names;
}

// What stands beside parameters in the posterior of a calibration, unless the model has a parameter
// of that name.
bool is_beside_parameters(const std::string& name, const ParameterTable& parameters) {
  if (name == "draw") return true;
  const bool prefixed = name.compare(0, 6, "study_") == 0 || name.compare(0, 6, "hyper_") == 0;
  return prefixed && parameters.find(name) < 0;
}

}  // namespace

namespace {

// Appends parameters that are drawn from their priors: every uncertain one that has no column yet.
void add_from_priors(const ParameterTable& parameters, ParameterDraws& out,
                     Diagnostics& diagnostics) {
  const std::set<std::int32_t> in_file(out.varying.begin(), out.varying.end());
  std::vector<std::pair<std::uint32_t, std::string>> streams;
  for (std::size_t i = 0; i < parameters.rows().size(); ++i) {
    const Parameter& parameter = parameters.rows()[i];
    if (in_file.count(static_cast<std::int32_t>(i)) > 0) continue;
    if (parameter.prior.empty()) {
      diagnostics.error(parameter.place,
                        "parameter '" + parameter.name +
                            "' has no prior, and the study draws parameters from their priors",
                        "write a distribution, or prior: fixed", "parameters > " + parameter.name);
    }
    if (!is_uncertain(parameter)) continue;
    out.varying.push_back(static_cast<std::int32_t>(i));
    out.column.push_back(-1);
    const std::uint32_t hash = StreamName("parameter " + parameter.name).hash();
    for (const auto& [other_hash, other] : streams) {
      if (other_hash != hash) continue;
      diagnostics.error(parameter.place,
                        "the names of the parameters '" + parameter.name + "' and '" + other +
                            "' have the same hash, so that their draws would be the same",
                        "rename one of the two");
    }
    streams.emplace_back(hash, parameter.name);
  }
}

void complain_of_prior(const ParameterTable& parameters, const ParameterDraws& draws,
                       const Outside& found, Diagnostics& diagnostics) {
  const auto index = static_cast<std::size_t>(draws.varying[found.varying]);
  const Parameter& parameter = parameters.rows()[index];
  diagnostics.error(parameter.distribution.place,
                    "draw " + std::to_string(found.draw) + " of '" + parameter.name + "' is " +
                        short_number(found.number) + "; " + found.what,
                    "a prior that keeps the range, e.g. beta for shares, log_normal above 0",
                    found.path);
}

// Draws what comes from priors again where the model cannot be simulated. False if that does not
// help.
bool draw_until_possible(const DrawsDoc& doc, const ParameterTable& parameters,
                         const DrawProblem& problem, const StopSign& stop, ParameterDraws& out,
                         Diagnostics& diagnostics) {
  for (std::int64_t draw = 1; draw <= out.count; ++draw) {
    go_on_unless(stop);
    std::uint8_t& attempt = out.attempts[static_cast<std::size_t>(draw - 1)];
    for (std::string wrong; !(wrong = problem(out.values(draw, parameters))).empty(); ++attempt) {
      if (attempt < most_attempts) continue;
      diagnostics.error(doc.place,
                        "the priors do not fit the model: draw " + std::to_string(draw) +
                            " failed " + std::to_string(most_attempts + 1) +
                            " times, last because " + wrong,
                        "narrower priors", "draws");
      return false;
    }
  }
  return true;
}

}  // namespace

ParameterDraws draws_from_prior(const DrawsDoc& doc, std::uint64_t seed,
                                const ParameterTable& parameters, const std::vector<ValueUse>& uses,
                                const DrawProblem& problem, Diagnostics& diagnostics,
                                const StopSign& stop) {
  ParameterDraws out;
  out.count = doc.count;
  out.fresh = doc.fresh;
  out.from = doc.from.text;
  out.seed = seed;
  add_from_priors(parameters, out, diagnostics);
  // With other mistakes in the documents, no draw could be simulated.
  if (diagnostics.has_errors()) return out;
  if (out.varying.empty()) {
    diagnostics.error(doc.place, "no parameter of the model varies: every prior is fixed");
    return out;
  }
  out.attempts.assign(static_cast<std::size_t>(out.count), 0);
  const auto check = [&] {
    find_outside(out, parameters, uses, stop, [&](const Outside& found) {
      complain_of_prior(parameters, out, found, diagnostics);
    });
  };
  check();
  if (diagnostics.has_errors()) return out;
  if (draw_until_possible(doc, parameters, problem, stop, out, diagnostics) && out.redrawn() > 0)
    check();
  return out;
}

namespace {

// "numbers are in the unit in which the model writes the value: per month".
std::string unit_hint(const Parameter& parameter) {
  return "numbers are in the unit in which the model writes the value" +
         (parameter.suffix.empty() ? std::string() : ": " + parameter.suffix);
}

// A column in which something is no number: what it is, in the first rows.
void refuse_words(const CsvTable& file, std::size_t column, const Parameter& parameter,
                  Diagnostics& diagnostics) {
  const auto* const cells = std::get_if<Column::Texts>(&file.table().columns[column].cells);
  int found = 0;
  for (std::size_t row = 0; cells != nullptr && row < cells->size() && found < 5; ++row) {
    const std::string& cell = (*cells)[row];
    if (!cell.empty() && parse_number(cell)) continue;
    ++found;
    diagnostics.error(file.place(row, column),
                      cell.empty()
                          ? "'" + parameter.name + "' has no value in this row"
                          : "column '" + parameter.name + "' needs a number, found '" + cell + "'",
                      cell.empty() ? "a draw has a number for every parameter of the file"
                                   : "write the number alone: " + unit_hint(parameter));
  }
}

}  // namespace

ParameterDraws draws_from_file(const DrawsDoc& doc, std::uint64_t seed, const CsvTable& file,
                               const std::string& text, const ParameterTable& parameters,
                               const std::vector<ValueUse>& uses, const DrawProblem& problem,
                               Diagnostics& diagnostics, const StopSign& stop) {
  ParameterDraws out;
  out.seed = seed;
  out.count = doc.count == 0 ? static_cast<std::int64_t>(file.rows()) : doc.count;
  out.fresh = doc.fresh;
  // Without folders: the copy of the file that a run keeps is called the same.
  out.from = doc.from.text.substr(doc.from.text.find_last_of('/') + 1);
  out.rows = file.rows();
  const std::size_t before = diagnostics.error_count();
  if (out.rows == 0) diagnostics.error(file.place(), "the file has no rows below its header");
  if (out.count > static_cast<std::int64_t>(out.rows) && out.rows > 0) {
    diagnostics.error(doc.count_place,
                      "'" + out.from + "' has " + std::to_string(out.rows) +
                          " rows, which are too few for " + std::to_string(out.count) + " draws",
                      "at most as many draws as rows; without 'count' all rows are used", "draws");
  }
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters.rows()) names.push_back(parameter.name);
  std::vector<std::pair<std::int32_t, std::size_t>> columns;  // parameter, column
  for (std::size_t c = 0; c < file.table().columns.size(); ++c) {
    const std::string& name = file.table().columns[c].name;
    if (is_beside_parameters(name, parameters)) continue;
    const std::int32_t index = parameters.find(name);
    if (index < 0) {
      diagnostics.error(file.header_place(c), "the model has no parameter '" + name + "'",
                        suggestion(name, names));
    } else if (parameters.rows()[static_cast<std::size_t>(index)].distribution.kind ==
               Prior::Kind::fixed) {
      diagnostics.warning(file.header_place(c),
                          "'" + name + "' is fixed in the model: this column is not used",
                          "to draw it, give it a prior that is not fixed");
    } else {
      columns.emplace_back(index, c);
    }
  }
  std::sort(columns.begin(), columns.end());
  out.columns = columns.size();
  for (const auto& [index, column] : columns) {
    out.column.push_back(static_cast<std::int32_t>(out.varying.size()));
    out.varying.push_back(index);
    const std::string& name = file.table().columns[column].name;
    const std::size_t errors = diagnostics.error_count();
    refuse_words(file, column, parameters.rows()[static_cast<std::size_t>(index)], diagnostics);
    if (diagnostics.error_count() > errors) continue;
    const Column::Numbers* numbers = file.numbers(name, diagnostics);
    for (std::size_t row = 0; numbers != nullptr && row < numbers->size(); ++row) {
      if (std::isfinite((*numbers)[row])) continue;
      diagnostics.error(file.place(row, column), "'" + name + "' has no value in this row",
                        "a draw has a number for every parameter of the file");
      break;
    }
  }
  if (columns.empty() && diagnostics.error_count() == before) {
    diagnostics.error(file.header_place(0), "no column is a parameter of the model that varies",
                      "columns are called as the model calls its parameters");
  }
  out.prior_only = remarked_prior_only(text);
  for (const std::string& name : out.prior_only) {
    if (parameters.find(name) >= 0) continue;
    diagnostics.error({file.place().file, 1, 1, 1},
                      "the model has no parameter '" + name + "' that is 'prior only'",
                      suggestion(name, names));
  }
  if (doc.others_from_prior) add_from_priors(parameters, out, diagnostics);
  if (diagnostics.error_count() > before) return out;
  for (std::size_t row = 0; row < out.rows; ++row) {
    for (const auto& [index, column] : columns) {
      out.cells.push_back(std::get<Column::Numbers>(file.table().columns[column].cells)[row]);
    }
  }
  const std::size_t priors = out.from_priors();
  if (priors > 0) out.attempts.assign(static_cast<std::size_t>(out.count), 0);
  const auto check = [&] {
    find_outside(out, parameters, uses, stop, [&](const Outside& found) {
      if (out.column[found.varying] < 0) {
        complain_of_prior(parameters, out, found, diagnostics);
        return;
      }
      const auto& [index, column] = columns[static_cast<std::size_t>(out.column[found.varying])];
      const Parameter& parameter = parameters.rows()[static_cast<std::size_t>(index)];
      diagnostics.error(file.place(out.row_of(found.draw), column),
                        "'" + parameter.name + "' is " + shortest(found.number) + "; " + found.what,
                        unit_hint(parameter), found.path);
    });
  };
  check();
  if (priors == 0 || diagnostics.has_errors()) return out;
  if (draw_until_possible(doc, parameters, problem, stop, out, diagnostics) && out.redrawn() > 0)
    check();
  return out;
}

}  // namespace npcsim
