#include "fit_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::test {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  std::string part;
  while (std::getline(stream, part, separator)) parts.push_back(part);
  return parts;
}

using Table = std::map<std::string, std::vector<double>>;

Table read_table(const std::string& name) {
  std::ifstream file(std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + name + ".csv");
  if (!file) throw std::runtime_error("no data set " + name);
  std::string line;
  while (std::getline(file, line) && line[0] == '#') {
  }
  const std::vector<std::string> names = split(line, ',');
  Table table;
  while (std::getline(file, line)) {
    std::vector<std::string> cells = split(line, ',');
    cells.resize(names.size());
    for (std::size_t c = 0; c < names.size(); ++c) {
      table[names[c]].push_back(cells[c].empty() ? std::numeric_limits<double>::quiet_NaN()
                                                 : std::strtod(cells[c].c_str(), nullptr));
    }
  }
  return table;
}

template <class Keep>
Table filtered(const Table& table, const Keep& keep) {
  const std::size_t rows = table.begin()->second.size();
  Table result;
  for (std::size_t i = 0; i < rows; ++i) {
    if (!keep(i)) continue;
    for (const auto& [name, column] : table) result[name].push_back(column[i]);
  }
  return result;
}

std::vector<std::int32_t> equal_to(const std::vector<double>& column, double value) {
  std::vector<std::int32_t> flags;
  for (const double x : column) flags.push_back(x == value ? 1 : 0);
  return flags;
}

std::vector<double> in_years(std::vector<double> days) {
  for (double& t : days) t /= 365.25;
  return days;
}

Columns lung() {
  const Table raw = read_table("lung");
  const Table t = filtered(raw, [&](std::size_t i) { return !std::isnan(raw.at("ph_ecog")[i]); });
  Columns c;
  c.time = t.at("time");
  c.event = equal_to(t.at("status"), 2.0);
  c.covariates = t;
  return c;
}

Columns colon() {
  const Table raw = read_table("colon");
  const Table t = filtered(raw, [&](std::size_t i) {
    return raw.at("etype")[i] == 2.0 && !std::isnan(raw.at("nodes")[i]);
  });
  Columns c;
  c.time = in_years(t.at("time"));
  c.event = equal_to(t.at("status"), 1.0);
  c.covariates = t;
  for (const double rx : t.at("rx")) c.covariates["lev5"].push_back(rx == 2.0 ? 1.0 : 0.0);
  for (const double age : t.at("age")) c.weight.push_back(age > 60.0 ? 1.5 : 1.0);
  return c;
}

}  // namespace

FitData Columns::data(const std::vector<std::string>& names) const {
  FitData data;
  data.records.time = time;
  data.records.event = event;
  data.records.entry = entry;
  data.records.weight = weight;
  data.upper = upper;
  data.background = background;
  for (const std::string& name : names) {
    data.covariates.names.push_back(name);
    data.covariates.columns.emplace_back(covariates.at(name));
  }
  return data;
}

Columns columns_of(const std::string& name) {
  if (name == "lung") return lung();
  if (name == "lung visits") {
    Columns c = lung();
    for (std::size_t i = 0; i < c.time.size(); ++i) {
      const double visit = std::floor((c.time[i] - 1e-9) / 60.0) * 60.0;
      c.upper.push_back(c.event[i] != 0 ? visit + 60.0 : c.time[i]);
      if (c.event[i] != 0) c.time[i] = visit;
    }
    return c;
  }
  if (name == "heart") {
    const Table raw = read_table("heart");
    const Table t =
        filtered(raw, [&](std::size_t i) { return raw.at("stop")[i] > raw.at("start")[i]; });
    Columns c;
    c.time = t.at("stop");
    c.entry = t.at("start");
    c.event = equal_to(t.at("event"), 1.0);
    c.covariates = t;
    return c;
  }
  if (name == "rotterdam") {
    const Table t = read_table("rotterdam");
    Columns c;
    c.time = in_years(t.at("dtime"));
    c.event = equal_to(t.at("death"), 1.0);
    c.covariates = t;
    return c;
  }
  Columns c = colon();
  if (name == "colon relative") {
    for (const double age : c.covariates.at("age")) {
      c.background.push_back(0.001 * std::exp(0.09 * (age - 50.0)));
    }
  }
  return c;
}

Model model_of(const std::string& model, const std::string& covariates, const std::string& on) {
  Model result;
  const std::vector<std::string> parts = split(model, ':');
  const std::optional<NamedFamily> named = find_model(parts[0]);
  if (!named) throw std::runtime_error("no model " + model);
  result.specification.family = named->family;
  result.specification.cure = named->cure;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    if (named->family == Family::piecewise) {
      result.specification.knots.push_back(std::strtod(parts[k].c_str(), nullptr));
    } else {
      result.specification.inner_knots = std::atoi(parts[k].c_str());
    }
  }
  const auto column = [&](const std::string& name) {
    const auto found = std::find(result.covariates.begin(), result.covariates.end(), name);
    const auto place = static_cast<std::size_t>(found - result.covariates.begin());
    if (found == result.covariates.end()) result.covariates.push_back(name);
    return place;
  };
  for (const std::string& name : split(covariates, ',')) {
    result.specification.effects.push_back({column(name), ""});
  }
  for (const std::string& pair : split(on, ',')) {
    const std::vector<std::string> sides = split(pair, ':');
    result.specification.effects.push_back({column(sides[1]), sides[0]});
  }
  return result;
}

}  // namespace npcsim::test
