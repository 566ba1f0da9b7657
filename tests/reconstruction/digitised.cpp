#include "digitised.hpp"

#include <npcsim/io/csv.hpp>
#include <npcsim/random/draws.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

struct Source {
  std::string name;
  std::string time;
  std::string status;
  double event;
  std::string group;
  double first;
  double second;
  std::string only;  // a further column, "" for none
  double only_value;
};

Study read(const Source& source) {
  Diagnostics diagnostics;
  const auto table = read_csv_file(
      std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + source.name + ".csv", diagnostics);
  if (!table) throw std::runtime_error(diagnostics.text("no data"));
  const auto* time = table->numbers(source.time, diagnostics);
  const auto* status = table->numbers(source.status, diagnostics);
  const auto* only = source.only.empty() ? nullptr : table->numbers(source.only, diagnostics);
  const auto* group = table->numbers(source.group, diagnostics);
  if (time == nullptr || status == nullptr || group == nullptr) {
    throw std::runtime_error(diagnostics.text("no data"));
  }
  Study study;
  study.name = source.name;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    if (only != nullptr && (*only)[row] != source.only_value) continue;
    const double arm = (*group)[row];
    if (arm != source.first && arm != source.second) continue;
    if (!((*time)[row] > 0)) continue;
    study.arms[arm == source.second ? 1 : 0].push_back(
        {(*time)[row], (*status)[row] == source.event});
  }
  return study;
}

double last_time(const std::vector<PatientRecord>& arm) {
  double last = 0;
  for (const PatientRecord& record : arm) last = std::max(last, record.time);
  return last;
}

// About `rows` rows, a round step apart.
void add_table(const std::vector<PatientRecord>& arm, std::size_t rows, PublishedCurve& curve) {
  const RecordCurve truth(arm);
  const double end = last_time(arm);
  const double raw = end / static_cast<double>(rows);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double step = std::floor(2 * raw / power) / 2 * power;
  for (double time = 0; time <= end; time += step) {
    curve.at_risk.push_back({time, truth.at_risk(time)});
  }
  curve.events = truth.events();
}

}  // namespace

std::vector<Study> studies() {
  return {read({"lung", "time", "status", 2, "sex", 1, 2, "", 0}),
          read({"veteran", "time", "status", 1, "trt", 1, 2, "", 0}),
          read({"ovarian", "futime", "fustat", 1, "rx", 1, 2, "", 0}),
          read({"colon", "time", "status", 1, "rx", 0, 2, "etype", 2}),
          read({"pbc", "time", "status", 2, "trt", 1, 2, "", 0}),
          read({"mgus2", "futime", "death", 1, "sex", 0, 1, "", 0})};
}

PublishedCurve clean_curve(const std::vector<PatientRecord>& arm, std::size_t rows) {
  PublishedCurve curve;
  const RecordCurve truth(arm);
  curve.clicks.push_back({0, 1});
  for (const RecordCurve::Drop& drop : truth.drops()) {
    curve.clicks.push_back({drop.time, drop.survival});
  }
  curve.clicks.push_back({last_time(arm), truth.drops().back().survival});
  add_table(arm, rows, curve);
  return curve;
}

PublishedCurve noisy_curve(const std::vector<PatientRecord>& arm, std::size_t rows,
                           std::size_t count, double vertical, std::uint32_t replicate) {
  PublishedCurve curve;
  const RecordCurve truth(arm);
  const double end = last_time(arm);
  std::vector<double> times{0};
  for (std::uint32_t k = 0; k < count; ++k) {
    times.push_back(end * PatientDraws(DrawKey{1, replicate}, k).uniform("click"_stream));
  }
  std::sort(times.begin(), times.end());
  for (std::uint32_t k = 0; k < times.size(); ++k) {
    const PatientDraws draws(DrawKey{2, replicate}, k);
    curve.clicks.push_back({times[k] + 0.003 * end * draws.normal("across"_stream),
                            truth.survival(times[k]) + vertical * draws.normal("down"_stream)});
  }
  add_table(arm, rows, curve);
  return curve;
}

std::vector<PatientRecord> mercaptopurine() {
  return {{6, true},   {6, true},   {6, true},   {6, false}, {7, true},   {9, false},
          {10, true},  {10, false}, {11, false}, {13, true}, {16, true},  {17, false},
          {19, false}, {20, false}, {22, true},  {23, true}, {25, false}, {32, false},
          {32, false}, {34, false}, {35, false}};
}

}  // namespace npcsim::testing
