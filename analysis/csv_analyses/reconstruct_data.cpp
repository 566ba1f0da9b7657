#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/csv_analyses/detail/published_files.hpp>
#include <npcsim/csv_analyses/reconstruct_data.hpp>
#include <npcsim/reconstruction/misfit.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace npcsim {
namespace {

struct Arm {
  PublishedCurve published;
  Reconstruction result;
  Agreement agreement;
};

// The shortest text that reads back to the same number.
std::string exact_text(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), end.ptr);
}

void add_rows(std::string& csv, const std::vector<PatientRecord>& records,
              const std::string& suffix) {
  for (const PatientRecord& record : records) {
    csv += exact_text(record.time) + (record.event ? ",1" : ",0") + suffix + "\n";
  }
}

// Draw 0 is the main reconstruction.
std::string records_csv(const std::vector<Arm>& arms, bool with_draws) {
  const bool with_arms = arms.size() > 1;
  std::string csv = "time,event";
  if (with_arms) csv += ",arm";
  if (with_draws) csv += ",draw";
  csv += "\n";
  for (std::size_t k = 0; k < arms.size(); ++k) {
    const std::string arm = with_arms ? "," + std::to_string(k + 1) : std::string();
    const auto draw = [&](std::size_t index) {
      return with_draws ? arm + "," + std::to_string(index) : arm;
    };
    add_rows(csv, arms[k].result.records, draw(0));
    for (std::size_t d = 0; d < arms[k].result.draws.size(); ++d) {
      add_rows(csv, arms[k].result.draws[d], draw(d + 1));
    }
  }
  return csv;
}

const char* kind_name(ClickKind kind) { return kind == ClickKind::steps ? "steps" : "points"; }

double or_nan(const std::optional<double>& value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

void put_arm(AnalysisJson& out, const Arm& arm, std::size_t index, bool guyot) {
  JsonWriter& json = out.begin_result("statistic", "reconstruction");
  const Agreement& agreement = arm.agreement;
  put(json, "group", std::to_string(index + 1));
  put(json, "method", guyot ? "guyot" : "joint");
  put_count(json, "n", arm.result.records.size());
  json.key("events").integer(agreement.events);
  json.key("censored")
      .integer(static_cast<std::int64_t>(arm.result.records.size()) - agreement.events);
  put(json, "median", or_nan(agreement.median));
  put(json, "rmse", agreement.rmse);
  put(json, "max_abs_error", agreement.largest_error);
  put(json, "max_abs_error_at", agreement.largest_at);
  put(json, "noise", guyot ? std::numeric_limits<double>::quiet_NaN() : arm.result.noise);
  put_flag(json, "exact", arm.result.exact);
  put(json, "clicks", kind_name(arm.result.clicks));
  json.key("at_risk").begin_array();
  for (const AtRiskCheck& row : agreement.at_risk) {
    json.begin_object();
    put(json, "time", row.time);
    json.key("published").integer(row.published);
    json.key("reconstructed").integer(row.reconstructed);
    json.end_object();
  }
  json.end_array();
  if (arm.published.events) json.key("published_events").integer(*arm.published.events);
  if (arm.published.median) put(json, "published_median", arm.published.median->value);
  json.key("landmarks").begin_array();
  const RecordCurve curve(arm.result.records);
  for (const Landmark& landmark : arm.published.landmarks) {
    json.begin_object();
    put(json, "time", landmark.time);
    put(json, "published", landmark.survival.value);
    put(json, "reconstructed", curve.survival(landmark.time));
    json.end_object();
  }
  json.end_array();
  put(json, "violations", agreement.violations);
  json.key("draws").begin_array();
  for (const std::vector<PatientRecord>& draw : arm.result.draws) {
    const RecordCurve drawn(draw);
    json.begin_object();
    json.key("events").integer(drawn.events());
    put(json, "median", or_nan(drawn.median()));
    json.end_object();
  }
  json.end_array();
  out.end_result();
}

void put_ratio(AnalysisJson& out, const std::optional<LogHazardRatio>& ratio,
               const std::optional<PublishedRatio>& published) {
  JsonWriter& json = out.begin_result("statistic", "hazard_ratio");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  put(json, "group", "1 over 2");
  put(json, "estimate", ratio ? std::exp(ratio->value) : nan);
  put(json, "lo95", ratio ? std::exp(ratio->value - z_95 * ratio->se) : nan);
  put(json, "hi95", ratio ? std::exp(ratio->value + z_95 * ratio->se) : nan);
  put(json, "coef", ratio ? ratio->value : nan);
  put(json, "se", ratio ? ratio->se : nan);
  if (published) {
    put(json, "published", published->ratio.value);
    if (published->low) put(json, "published_lo95", *published->low);
    if (published->high) put(json, "published_hi95", *published->high);
  }
  out.end_result();
}

std::string arm_text(const Arm& arm, std::size_t index, bool several) {
  const Agreement& agreement = arm.agreement;
  std::string text = several ? "arm " + std::to_string(index + 1) + ": " : std::string();
  text += std::to_string(arm.result.records.size()) + " patients, " +
          std::to_string(agreement.events) + " events, median " +
          (agreement.median ? figure(*agreement.median, 5) : std::string("not reached")) + "\n";
  text += "  curve minus clicks: RMSE " + figure(agreement.rmse, 3) + ", largest " +
          figure(agreement.largest_error, 3) + " at " + figure(agreement.largest_at, 4) + "\n";
  text += "  at risk (published / reconstructed):";
  for (const AtRiskCheck& row : agreement.at_risk) {
    text += "  " + figure(row.time, 6) + ": " + std::to_string(row.published) + " / " +
            std::to_string(row.reconstructed);
  }
  return text + "\n";
}

void reconstruct_arms(const ReconstructRequest& request, std::vector<Arm>& arms,
                      std::optional<LogHazardRatio>& ratio) {
  if (request.guyot) {
    for (Arm& arm : arms) arm.result = reconstruct_guyot(arm.published);
  } else if (arms.size() == 1) {
    arms[0].result = reconstruct(arms[0].published, request.options);
  } else {
    TwoArms both =
        reconstruct_two_arms(arms[0].published, arms[1].published, request.ratio, request.options);
    arms[0].result = std::move(both.first);
    arms[1].result = std::move(both.second);
  }
  if (arms.size() == 2) ratio = log_hazard_ratio(arms[0].result.records, arms[1].result.records);
}

}  // namespace

std::optional<Rounded> read_rounded(std::string_view text) {
  double value = 0;
  const auto result =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  const std::size_t point = text.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
  return Rounded{value, 0.5 * std::pow(10.0, -static_cast<double>(decimals))};
}

std::optional<ReconstructOutput> reconstruct_data(const ReconstructRequest& request,
                                                  std::string_view version,
                                                  Diagnostics& diagnostics) {
  ReconstructOutput out;
  std::vector<Arm> arms;
  for (const ReconstructArm& arm : request.arms) {
    auto published = detail::read_published(arm, diagnostics, out.warnings);
    if (published) arms.push_back({std::move(*published), {}, {}});
  }
  if (diagnostics.has_errors() || arms.size() != request.arms.size()) return std::nullopt;
  std::optional<LogHazardRatio> ratio;
  reconstruct_arms(request, arms, ratio);
  AnalysisJson json("reconstruct", version);
  json.input().key("curve").text(request.arms[0].curve_path);
  json.input().key("at_risk").text(request.arms[0].at_risk_path);
  if (arms.size() > 1) {
    json.input().key("curve2").text(request.arms[1].curve_path);
    json.input().key("at_risk2").text(request.arms[1].at_risk_path);
  }
  json.input().key("draws").integer(static_cast<std::int64_t>(request.options.draws));
  put_count(json.input(), "seed", request.options.seed);
  std::vector<detail::PageArm> page;
  for (std::size_t k = 0; k < arms.size(); ++k) {
    Arm& arm = arms[k];
    const std::string prefix = arms.size() > 1 ? "arm " + std::to_string(k + 1) + ": " : "";
    for (const std::string& note : arm.result.notes) out.warnings.push_back(prefix + note);
    if (!arm.result.found) {
      out.failed = true;
      continue;
    }
    arm.agreement = assess(arm.published, arm.result.records);
    for (const std::string& words : arm.agreement.violations)
      out.warnings.push_back(prefix + words);
    const std::string missed = misfit_words(
        misfit(arm.published, arm.result.records, arm.result.noise), arm.published.clicks.size());
    if (!missed.empty()) out.warnings.push_back(prefix + missed);
    put_arm(json, arm, k, request.guyot);
    out.text += arm_text(arm, k, arms.size() > 1);
    page.push_back({&arm.published, &arm.result.records, &arm.agreement, missed});
  }
  std::string ratio_words;
  if (arms.size() == 2 && !out.failed) {
    put_ratio(json, ratio, request.ratio);
    const double value = ratio ? std::exp(ratio->value) : 0;
    ratio_words = "hazard ratio, arm 1 over arm 2: " + (ratio ? figure(value, 4) : "-");
    if (ratio) {
      ratio_words += " (" + figure(std::exp(ratio->value - z_95 * ratio->se), 4) + " to " +
                     figure(std::exp(ratio->value + z_95 * ratio->se), 4) + ")";
    }
    out.text += ratio_words + "\n";
    if (request.ratio) ratio_words += "; published: " + figure(request.ratio->ratio.value, 4);
    if (request.ratio && (!ratio || std::fabs(value - request.ratio->ratio.value) >
                                        1.0001 * request.ratio->ratio.half_width)) {
      const auto [printed, found] = told_apart(request.ratio->ratio.value, value);
      out.warnings.push_back("hazard ratio: published " + printed + ", reconstructed " +
                             (ratio ? found : "-"));
    }
  }
  if (!out.failed) {
    out.records_csv = records_csv(arms, request.options.draws > 0 && !request.guyot);
    out.page_html = detail::reconstruction_page(page, ratio_words);
  }
  out.json = json.finish(out.warnings);
  return out;
}

}  // namespace npcsim
