#include <npcsim/csv_analyses/detail/fit_files.hpp>
#include <npcsim/csv_analyses/detail/fit_run.hpp>
#include <npcsim/csv_analyses/fit_analysis.hpp>
#include <npcsim/io/digest.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace npcsim {
namespace {

using detail::FitRun;
using detail::PredictionRows;

void set_defaults(FitRequest& request) {
  if (request.models.empty()) {
    std::string none;
    for (const std::string& name : usual_models()) {
      request.models.push_back(*parse_model(name, none));
    }
  }
  DataRoles& roles = request.roles;
  roles.events = !roles.event.empty();
  roles.causes = false;
  for (const auto& [parameter, term] : request.on) {
    if (std::find(roles.covariates.begin(), roles.covariates.end(), term) ==
        roles.covariates.end()) {
      roles.covariates.push_back(term);
    }
  }
  for (const std::string* column : {&request.background, &request.age, &request.year}) {
    if (!column->empty()) roles.others.push_back(*column);
  }
  roles.group = request.sex;
  roles.strata = request.transition;
  if (!request.frailty.empty()) roles.cluster = request.frailty;
  if (!request.subject.empty()) roles.cluster = request.subject;
}

std::set<std::string> texts_of(const std::vector<std::string>& written, const DataFile& file,
                               std::string_view asked_by, Diagnostics& diagnostics) {
  std::set<std::string> texts;
  if (const auto terms = parse_terms(written, file, asked_by, diagnostics)) {
    for (const ModelTerm& term : *terms) texts.insert(term.text);
  }
  return texts;
}

// Terms of --on are read as covariates; what is wrong with them is said of --on, and they are left
// out then, so that other mistakes are found too.
bool check_on(FitRequest& request, const DataFile& file, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  const auto wrong = [&](const std::pair<std::string, std::string>& on) {
    return !parse_terms({on.second}, file, "--on", diagnostics);
  };
  request.on.erase(std::remove_if(request.on.begin(), request.on.end(), wrong), request.on.end());
  return diagnostics.error_count() == before;
}

// Which design column acts on which parameter.
std::vector<CovariateEffect> effects_of(const FitRequest& request,
                                        const std::vector<std::string>& on_location,
                                        const ModelFrame& frame, const DataFile& file,
                                        Diagnostics& diagnostics) {
  std::vector<CovariateEffect> effects;
  const auto add = [&](const std::set<std::string>& texts, const std::string& parameter) {
    for (std::size_t column = 0; column < frame.design().columns.size(); ++column) {
      const std::size_t term = frame.design().term[column];
      if (texts.count(frame.recipe()->terms()[term].text) > 0) {
        effects.push_back({column, parameter});
      }
    }
  };
  if (!frame.recipe()) return effects;
  add(texts_of(on_location, file, "--covariates", diagnostics), "");
  for (const auto& [parameter, term] : request.on) {
    add(texts_of({term}, file, "--on", diagnostics), parameter);
  }
  return effects;
}

bool all_categorical(const ModelFrame& frame, const StudyData& data) {
  for (const ModelTerm& term : frame.recipe()->terms()) {
    for (const TermPart& part : term.parts) {
      if (part.kind != TermPart::Kind::factor && !data.column(part.column).is_text) return false;
    }
  }
  return true;
}

// As flexsurv's summary(): all combinations that occur if every covariate is categorical, else the
// mean of the design.
PredictionRows rows_of_data(const ModelFrame& frame, const StudyData& data) {
  PredictionRows out;
  const auto& columns = frame.design().columns;
  if (columns.empty()) {
    out.covariates.emplace_back();
    return out;
  }
  if (all_categorical(frame, data)) {
    std::set<std::vector<double>> seen;
    for (std::size_t row = 0; row < frame.rows(); ++row) {
      std::vector<double> values;
      for (const auto& column : columns) values.push_back(column[row]);
      if (seen.insert(values).second) out.covariates.push_back(std::move(values));
    }
    std::sort(out.covariates.begin(), out.covariates.end());
    out.meaning = "combinations of covariates in the data";
    return out;
  }
  std::vector<double> means;
  for (const auto& column : columns) {
    double sum = 0.0;
    for (const double value : column) sum += value;
    means.push_back(sum / static_cast<double>(column.size()));
  }
  out.covariates.push_back(std::move(means));
  out.meaning = "at the mean of the covariates";
  return out;
}

std::optional<PredictionRows> rows_of_file(DataFile& file, const ModelFrame& frame,
                                           Diagnostics& diagnostics) {
  PredictionRows out;
  out.meaning = "rows of " + file.name() + ", from 0";
  std::vector<std::size_t> indices;
  if (frame.recipe()) {
    for (const ModelTerm& term : frame.recipe()->terms()) {
      for (const TermPart& part : term.parts) {
        const auto index = file.find(part.column, "--newdata", diagnostics);
        if (!index) return std::nullopt;
        if (std::find(indices.begin(), indices.end(), *index) == indices.end()) {
          indices.push_back(*index);
        }
      }
    }
  }
  if (indices.empty()) {
    // Nothing of the rows is needed, but they must be there.
    if (!read_columns(file, {0}, diagnostics)) return std::nullopt;
    out.covariates.emplace_back();
    return out;
  }
  const auto columns = read_columns(file, indices, diagnostics);
  if (!columns) return std::nullopt;
  std::vector<std::uint32_t> rows(columns->front().rows());
  bool complete = true;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    rows[row] = row;
    for (const DataColumn& column : *columns) {
      if (!column.missing(row)) continue;
      file.error(row, column.index, "a prediction needs a value here", "", diagnostics);
      complete = false;
    }
  }
  if (!complete) return std::nullopt;
  const auto design = frame.recipe()->apply(*columns, rows, file, diagnostics);
  if (!design) return std::nullopt;
  for (const std::uint32_t row : rows) {
    out.covariates.emplace_back();
    for (const auto& column : design->columns) out.covariates.back().push_back(column[row]);
  }
  return out;
}

void put_request(JsonWriter& json, const FitRequest& request) {
  std::vector<std::string> models;
  for (const ModelRequest& model : request.models) models.push_back(model.text);
  put(json, "model", models);
  std::vector<std::string> on;
  for (const auto& [parameter, term] : request.on) on.push_back(parameter + ":" + term);
  if (!on.empty()) put(json, "on", on);
  const auto text = [&json](std::string_view key, const std::string& value) {
    if (!value.empty()) put(json, key, value);
  };
  text("background", request.background);
  text("life_table", request.life_table_path);
  text("age", request.age);
  text("sex", request.sex);
  text("year", request.year);
  text("frailty", request.frailty);
  text("subject", request.subject);
  if (!request.transition.empty()) {
    put(json, "transition", request.transition);
    put(json, "clock", request.clock == FitClock::forward ? "forward" : "reset");
  }
  text("time_unit", request.time_unit);
  if (request.bootstrap > 0 || request.draws > 0) put_count(json, "seed", request.seed);
}

}  // namespace

std::optional<FitOutput> fit_analysis(DataFile& file, DataFile* new_data, FitRequest request,
                                      std::string_view version, Diagnostics& diagnostics) {
  const std::vector<std::string> on_location = request.roles.covariates;
  const bool on_is_right = check_on(request, file, diagnostics);
  set_defaults(request);
  const auto data = read_study_data(file, request.roles, diagnostics);
  if (!data || !on_is_right) return std::nullopt;
  FrameParts parts;
  parts.covariates = true;
  parts.strata = !request.transition.empty();
  parts.cluster = !request.roles.cluster.empty();
  parts.group = !request.sex.empty();
  parts.others = request.roles.others;
  const auto frame = make_frame(*data, parts, file, diagnostics);
  if (!frame) return std::nullopt;

  FitRun run{request, file, frame->design().names, {}, {}, {}, {}, {}, {}, false};
  run.effects = effects_of(request, on_location, *frame, file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  if (new_data != nullptr) {
    auto rows = rows_of_file(*new_data, *frame, diagnostics);
    if (!rows) return std::nullopt;
    run.rows = std::move(*rows);
  } else if (!request.predict.empty()) {
    run.rows = rows_of_data(*frame, *data);
  }
  if (!request.frailty.empty() && !run.rows.meaning.empty()) {
    run.rows.meaning += ", with a frailty of 1";
  }
  if (!request.life_table_path.empty()) {
    run.background = detail::background_population(request, *data, *frame, file, diagnostics);
    if (!run.background) return std::nullopt;
  }
  auto records = detail::fit_records(
      request, *data, *frame, run.background ? &*run.background : nullptr, file, diagnostics);
  if (!records) return std::nullopt;
  run.records = std::move(*records);
  add_warnings(run.warnings, data->codes.warnings);
  add_warnings(run.warnings, frame->warnings());

  detail::fit_models(run);
  if (request.bootstrap > 0) detail::bootstrap_models(run);

  FitOutput out;
  AnalysisJson json("fit", version);
  put_input(json.input(), file, *data);
  put_request(json.input(), request);
  detail::write_fit_json(json, run);
  if (request.draws > 0) out.draws_csv = detail::draws_csv(run);
  if (request.bootstrap > 0) out.bootstrap_csv = detail::bootstrap_csv(run);
  const detail::FitOrigin origin{file.name(), digest_text(digest_of(file.bytes())),
                                 std::string(version)};
  if (request.hazard_block) {
    detail::HazardBlock block = detail::hazard_block(run, origin);
    out.hazard_yaml = std::move(block.text);
    add_warnings(run.warnings, block.warnings);
  }
  if (request.page) out.page_html = detail::fit_page(run, origin);
  out.json = json.finish(run.warnings);
  out.text = detail::fit_text(run);
  out.warnings = std::move(run.warnings);
  out.failed = run.failed;
  return out;
}

}  // namespace npcsim
