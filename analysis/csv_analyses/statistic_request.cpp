#include <npcsim/base/diagnostics.hpp>
#include <npcsim/csv_analyses/survival_analysis.hpp>

#include <charconv>
#include <cmath>
#include <system_error>

namespace npcsim {
namespace {

using Kind = StatisticRequest::Kind;

// What the numbers after a name mean, and where they may lie.
enum class Numbers { none, powers, time, optional_time, positive_time };

struct Entry {
  std::string_view name;
  Kind kind;
  Numbers numbers;
  StatisticInfo info;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> table{
      {"km", Kind::km, Numbers::none, {"km", "Kaplan-Meier and Nelson-Aalen curves, quantiles"}},
      {"logrank",
       Kind::log_rank,
       Numbers::none,
       {"logrank", "log-rank test (stratified by --strata)"}},
      {"fh",
       Kind::fleming_harrington,
       Numbers::powers,
       {"fh:RHO:GAMMA", "Fleming-Harrington weighted log-rank test"}},
      {"mwlr",
       Kind::modest,
       Numbers::time,
       {"mwlr:T", "modestly weighted log-rank test, weights rise until T"}},
      {"gehan", Kind::gehan, Numbers::none, {"gehan", "Gehan-Wilcoxon test"}},
      {"tarone", Kind::tarone_ware, Numbers::none, {"tarone", "Tarone-Ware test"}},
      {"peto", Kind::peto, Numbers::none, {"peto", "Peto-Peto test"}},
      {"maxcombo",
       Kind::max_combo,
       Numbers::none,
       {"maxcombo", "best of fh:0:0, fh:0:1, fh:1:0, fh:1:1"}},
      {"trend", Kind::trend, Numbers::none, {"trend", "log-rank test for trend over the groups"}},
      {"cox", Kind::cox, Numbers::none, {"cox", "Cox regression on --covariates, else on --group"}},
      {"zph",
       Kind::zph,
       Numbers::none,
       {"zph", "test of proportional hazards (score test for effects that change with time)"}},
      {"rmst",
       Kind::restricted_mean,
       Numbers::positive_time,
       {"rmst:T", "restricted mean survival time up to T, and differences"}},
      {"milestone",
       Kind::milestone,
       Numbers::time,
       {"milestone:T", "survival at T, and differences"}},
      {"concordance",
       Kind::concordance,
       Numbers::none,
       {"concordance", "Harrell's C of the Cox model, or of --marker"}},
      {"uno", Kind::uno, Numbers::optional_time, {"uno[:T]", "Uno's C, for events before T"}},
      {"auc",
       Kind::auc,
       Numbers::positive_time,
       {"auc:T",
        "cumulative / dynamic AUC at T of --marker, of the only covariate, or of the Cox model"}},
      {"brier",
       Kind::brier,
       Numbers::positive_time,
       {"brier:T", "Brier score of the Cox model at T"}},
      {"calibration",
       Kind::calibration,
       Numbers::positive_time,
       {"calibration:T", "calibration of the Cox model at T"}},
      {"cuminc",
       Kind::cumulative_incidence,
       Numbers::none,
       {"cuminc", "cumulative incidence of every cause (Aalen-Johansen)"}},
      {"gray", Kind::gray, Numbers::none, {"gray", "Gray's test for every cause"}},
      {"finegray",
       Kind::fine_gray,
       Numbers::none,
       {"finegray", "Fine-Gray regression for every cause, or the one of --event COLUMN==CODE"}},
      {"rpsft",
       Kind::rpsft,
       Numbers::none,
       {"rpsft", "rank preserving structural failure time model (--treated-share)"}},
  };
  return table;
}

std::vector<std::string> split_at_colons(const std::string& text) {
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ':') continue;
    out.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return out;
}

bool read_finite(const std::string& text, double& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size() && std::isfinite(out);
}

bool numbers_fit(Numbers kind, const std::vector<double>& numbers) {
  switch (kind) {
    case Numbers::none:
      return numbers.empty();
    case Numbers::powers:
      return numbers.size() == 2 && numbers[0] >= 0 && numbers[1] >= 0;
    case Numbers::time:
      return numbers.size() == 1 && numbers[0] >= 0;
    case Numbers::positive_time:
      return numbers.size() == 1 && numbers[0] > 0;
    case Numbers::optional_time:
      return numbers.empty() || (numbers.size() == 1 && numbers[0] > 0);
  }
  return false;
}

std::string_view words_of(Numbers kind) {
  switch (kind) {
    case Numbers::none:
      return "";
    case Numbers::powers:
      return " with numbers that are not negative";
    case Numbers::time:
      return " with T at least 0";
    case Numbers::positive_time:
    case Numbers::optional_time:
      return " with T above 0";
  }
  return "";
}

}  // namespace

const std::vector<StatisticInfo>& statistic_infos() {
  static const std::vector<StatisticInfo> infos = [] {
    std::vector<StatisticInfo> out;
    for (const Entry& entry : entries()) out.push_back(entry.info);
    return out;
  }();
  return infos;
}

std::optional<StatisticRequest> parse_statistic(const std::string& text, std::string& problem) {
  const std::vector<std::string> parts = split_at_colons(text);
  std::vector<std::string> names;
  for (const Entry& entry : entries()) {
    names.emplace_back(entry.name);
    if (entry.name != parts[0]) continue;
    StatisticRequest out;
    out.text = text;
    out.kind = entry.kind;
    bool fine = true;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      double number = 0;
      fine = fine && read_finite(parts[i], number);
      out.numbers.push_back(number);
    }
    if (fine && numbers_fit(entry.numbers, out.numbers)) return out;
    problem = "statistic '" + text + "' must be " + std::string(entry.info.form) +
              std::string(words_of(entry.numbers));
    return std::nullopt;
  }
  const std::string hint = suggestion(parts[0], names);
  problem = "unknown statistic '" + text + "'" + (hint.empty() ? "" : "; " + hint);
  return std::nullopt;
}

}  // namespace npcsim
