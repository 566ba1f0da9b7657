// Competing causes: cumulative incidence and Gray's test.
#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/survival/competing_risks.hpp>
#include <npcsim/survival/gray_test.hpp>

#include <cmath>
#include <utility>

namespace npcsim::detail {
namespace {

void put_curve(JsonWriter& out, const IncidenceCurves& all, const CauseCurve& curve, bool aalen) {
  put(out, "time", all.time);
  put(out, "estimate", curve.incidence);
  put(out, "se", aalen ? curve.se_aalen : curve.se);
  put(out, "se_method", aalen ? "aalen" : "infinitesimal jackknife");
  put(out, "se_jackknife", curve.se);
  put(out, "lo95", curve.lower);
  put(out, "hi95", curve.upper);
  put(out, "at_risk", all.at_risk);
  put(out, "cause_events", curve.events);
}

}  // namespace

bool write_cumulative_incidence(SurvivalRun& run, const StatisticRequest& statistic) {
  FrameParts parts;
  parts.group = true;
  parts.cluster = true;
  parts.causes = true;
  const auto all = run.records_with(parts);
  if (all == nullptr) return false;
  const auto& names = run.data.codes.cause_names;
  const SortedRecords sorted(all->records, all->group);
  CurveOptions options;
  options.scale = interval_scale(run.request);
  const auto curves = incidence_curves(sorted, options, names.size());
  std::vector<std::vector<std::string>> rows{{"group", "cause"}};
  for (std::string& header : record_headers(*all)) rows[0].push_back(std::move(header));
  rows[0].emplace_back("at the end (se)");
  for (std::size_t g = 0; g < curves.size(); ++g) {
    for (std::size_t c = 0; c < curves[g].causes.size(); ++c) {
      const CauseCurve& curve = curves[g].causes[c];
      // Aalen's variance is what cmprsk reports; it exists for plain records only.
      bool aalen = !curve.se_aalen.empty();
      for (const double se : curve.se_aalen) aalen = aalen && !std::isnan(se);
      double events = 0;
      for (const double d : curve.events) events += d;
      JsonWriter& out = run.begin(statistic, *all, g);
      put(out, "cause", names[c]);
      put_records(out, *all, curves[g].records, g);
      put(out, "events", events);
      if (run.request.curves) put_curve(out, curves[g], curve, aalen);
      run.end();
      const bool none = curve.incidence.empty();
      rows.push_back({group_label(*all, g), names[c]});
      for (std::string& cell : record_cells(*all, curves[g].records, g, events)) {
        rows.back().push_back(std::move(cell));
      }
      rows.back().push_back(none ? "-"
                                 : figure(curve.incidence.back()) + " (" +
                                       figure(aalen ? curve.se_aalen.back() : curve.se.back()) +
                                       ")");
    }
  }
  run.table("Cumulative incidence", rows);
  return true;
}

bool write_gray(SurvivalRun& run, const StatisticRequest& statistic) {
  FrameParts parts;
  parts.group = true;
  parts.strata = true;
  parts.causes = true;
  const auto all = run.records_with(parts);
  if (all == nullptr) return false;
  TimeToEvent plain = all->records;
  if (!plain.entry.empty() || !plain.weight.empty()) {
    run.fail(statistic, "takes neither entries nor weights");
    return true;
  }
  const SortedRecords sorted(plain, all->group);
  const auto& names = run.data.codes.cause_names;
  std::vector<std::vector<std::string>> rows{{"cause", "chi-square", "df", "p"}};
  for (std::size_t c = 0; c < names.size(); ++c) {
    const GrayTest test = gray_test(sorted, static_cast<std::int32_t>(c + 1));
    JsonWriter& out = run.begin(statistic, *all);
    put(out, "cause", names[c]);
    put(out, "groups", all->frame.group_names());
    if (test.defined) {
      put(out, "chisq", test.chi_square);
      put_count(out, "df", static_cast<std::size_t>(test.degrees));
      put(out, "p", test.p);
      rows.push_back(
          {names[c], figure(test.chi_square), std::to_string(test.degrees), p_value_text(test.p)});
    }
    run.end();
    if (!test.defined) {
      run.fail(statistic, "cause " + names[c] + ": fewer than two groups, or one without events");
    }
  }
  run.table("Gray's test", rows);
  return true;
}

}  // namespace npcsim::detail
