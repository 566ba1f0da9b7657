#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/cli/commands/self_test_text.hpp>
#include <npcsim/io/json.hpp>

namespace npcsim {
namespace {

std::string ranks_text(const std::array<std::size_t, rank_bins>& ranks) {
  std::string out;
  for (const std::size_t count : ranks) out += (out.empty() ? "" : " ") + std::to_string(count);
  return out;
}

std::string share_text(double share) { return rounded(100 * share, 3) + " %"; }

std::string ratio_text(double ratio) { return ratio > 0 ? rounded(ratio, 2) : ""; }

void add_rows(const std::vector<ParameterSummary>& list,
              std::vector<std::vector<std::string>>& rows) {
  for (const ParameterSummary& one : list) {
    rows.push_back({one.name, rounded(100 * one.coverage95, 3), rounded(100 * one.coverage50, 3),
                    ratio_text(one.sd_ratio), ratio_text(one.reference_ratio),
                    one.identified ? "identified" : "", ranks_text(one.ranks),
                    rounded(one.uniform_p, 2)});
  }
}

void write_ranks(JsonWriter& json, const std::array<std::size_t, rank_bins>& ranks) {
  json.key("ranks").begin_array();
  for (const std::size_t count : ranks) json.integer(static_cast<std::int64_t>(count));
  json.end_array();
}

void write_parameters(JsonWriter& json, const std::vector<ParameterSummary>& list) {
  json.begin_array();
  for (const ParameterSummary& one : list) {
    json.begin_object();
    json.key("name").text(one.name);
    json.key("coverage_95").number(one.coverage95);
    json.key("coverage_50").number(one.coverage50);
    json.key("sd_ratio").number(one.sd_ratio);
    json.key("long_run_sd_ratio").number(one.reference_ratio);
    json.key("identified").boolean(one.identified);
    write_ranks(json, one.ranks);
    json.key("uniform_p").number(one.uniform_p);
    json.end_object();
  }
  json.end_array();
}

void write_gates(JsonWriter& json, const std::vector<Gate>& gates) {
  json.begin_array();
  for (const Gate& gate : gates) {
    json.begin_object();
    json.key("name").text(gate.name);
    json.key("value").number(gate.value);
    json.key("limit").number(gate.limit);
    json.key("at_least").boolean(gate.at_least);
    json.key("passed").boolean(gate.passed());
    if (!gate.remark.empty()) json.key("remark").text(gate.remark);
    json.end_object();
  }
  json.end_array();
}

void write_world(JsonWriter& json, const WorldOutcome& world) {
  json.begin_object();
  json.key("seed").integer(static_cast<std::int64_t>(world.seed));
  const auto numbers = [&json](const char* name, const std::vector<double>& values) {
    json.key(name).begin_array();
    for (const double value : values) json.number(value);
    json.end_array();
  };
  numbers("truth", world.truth);
  numbers("share_of_draws_below", world.below);
  numbers("posterior_mean", world.mean);
  numbers("sd_ratio", world.sd_ratio);
  json.key("unidentified").begin_array();
  for (const std::string& direction : world.unidentified) json.text(direction);
  json.end_array();
  json.key("targets").integer(static_cast<std::int64_t>(world.targets));
  json.key("bounded_targets").integer(static_cast<std::int64_t>(world.bounded));
  json.key("p_overall").number(world.overall_p);
  json.key("p_time_varying").number(world.time_varying_p);
  json.key("flagged").boolean(world.flagged);
  json.key("evaluations").integer(static_cast<std::int64_t>(world.evaluations));
  json.key("gates");
  write_gates(json, world.gates);
  json.end_object();
}

}  // namespace

std::string self_test_text(const SelfTestSummary& summary) {
  std::vector<std::vector<std::string>> rows{
      {"parameter", "95 %, %", "50 %, %", "sd ratio", "long run", "", "ranks", "p uniform"}};
  add_rows(summary.parameters, rows);
  add_rows(summary.between, rows);
  std::string out =
      std::to_string(summary.worlds) + " synthetic worlds\n\n" + aligned(rows) +
      "\nTruth in the 95 % interval  " + share_text(summary.coverage95) + " (standard error " +
      share_text(summary.coverage95_se) + ", by world)" + "\nTruth in the 50 % interval  " +
      share_text(summary.coverage50) + " (standard error " + share_text(summary.coverage50_se) +
      ")" + "\nRanks of all parameters     " + ranks_text(summary.ranks) +
      "\nWorlds flagged as misfit    " + share_text(summary.flagged) + " (all figures " +
      share_text(summary.flagged_overall) + ", time-varying effects " +
      share_text(summary.flagged_time_varying) + ")" + "\nNumerical checks passed     " +
      share_text(summary.gates_passed) + " of worlds" + "\nCPU time of a world         " +
      rounded(summary.cpu_seconds, 2) + " s\n\n";
  for (const Gate& gate : summary.criteria) {
    out += (gate.passed() ? "pass  " : "FAIL  ") + gate.name + ": " + rounded(gate.value, 3) +
           (gate.at_least ? ", at least " : ", at most ") + shortest(gate.limit) +
           (gate.remark.empty() ? "" : " (" + gate.remark + ")") + "\n";
  }
  return out;
}

std::string self_test_json(const SelfTestResult& result, const SelfTestSummary& summary) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("worlds").integer(static_cast<std::int64_t>(summary.worlds));
  json.key("passed").boolean(summary.passed());
  json.key("criteria");
  write_gates(json, summary.criteria);
  json.key("coverage_95").number(summary.coverage95);
  json.key("coverage_95_se").number(summary.coverage95_se);
  json.key("coverage_50").number(summary.coverage50);
  json.key("coverage_50_se").number(summary.coverage50_se);
  write_ranks(json, summary.ranks);
  json.key("flagged").number(summary.flagged);
  json.key("flagged_overall").number(summary.flagged_overall);
  json.key("flagged_time_varying").number(summary.flagged_time_varying);
  json.key("numerical_checks_passed").number(summary.gates_passed);
  json.key("parameters");
  write_parameters(json, summary.parameters);
  json.key("between_studies");
  write_parameters(json, summary.between);
  json.key("world").begin_array();
  for (const WorldOutcome& world : result.worlds) write_world(json, world);
  json.end_array();
  json.end_object();
  return json.str() + "\n";
}

}  // namespace npcsim
