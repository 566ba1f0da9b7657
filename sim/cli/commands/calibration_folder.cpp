#include <npcsim/calibration/calibration_page_data.hpp>
#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/calibration/posterior_file.hpp>
#include <npcsim/cli/commands/calibration_folder.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/io/table_io.hpp>

namespace npcsim {
namespace {

PageHead page_head(const Context& context, const CalibrationDoc& doc, const EmulationSet& set,
                   const EmulationTargets& targets, const CalibrationResult& result) {
  PageHead head;
  head.title = doc.title;
  head.name = doc.name;
  head.subtitle = doc.description;
  const std::size_t fitted = targets.fitted();
  head.facts = {{"model", set.pool(0).base().model.name},
                {"studies", std::to_string(targets.studies().size())},
                {"figures", std::to_string(fitted) + " fitted, " +
                                std::to_string(targets.targets().size() - fitted) + " shown"},
                {"verdict", result.passed() ? "all checks passed" : "a check failed"},
                {"seed", std::to_string(doc.seed)},
                {"evaluations", std::to_string(result.evaluations)},
                {"patients of each pool", std::to_string(doc.patients)},
                {"program", program_name()},
                {"command", context.command_line}};
  head.notes = {
      "Parameters of the model that are not listed were not fitted: they stay at the values of its "
      "document.",
      "A posterior says what follows from the figures, the priors and the structure of the model. "
      "It does not say whether that structure is right: the checks above and studies of scenarios "
      "do."};
  return head;
}

std::string provenance_text(const Context& context, const CalibrationDoc& doc,
                            const CalibrationResult& result, const std::string& identity) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("calibration").text(doc.name);
  json.key("digest").text(identity);
  json.key("seed").integer(doc.seed);
  json.key("patients").integer(doc.patients);
  json.key("evaluations").integer(static_cast<std::int64_t>(result.evaluations));
  put_program(json, context);
  json.end_object();
  return json.str() + "\n";
}

}  // namespace

std::string calibration_json(const CalibrationDoc& doc, const EmulationTargets& targets,
                             const CalibrationResult& result, const std::string& folder) {
  JsonWriter json;
  json.begin_object();
  json.key("command").text("calibrate");
  json.key("version").text(program_version());
  json.key("calibration").text(doc.name);
  json.key("folder").text(folder);
  json.key("passed").boolean(result.passed());
  json.key("evaluations").integer(static_cast<std::int64_t>(result.evaluations));
  json.key("parameters").table(parameters_table(result, targets));
  json.key("gates").table(gates_table(result));
  json.end_object();
  return json.str();
}

void write_calibration(const Context& context, const CalibrationDoc& doc, const EmulationSet& set,
                       const EmulationTargets& targets, const CalibrationOptions& work,
                       const CalibrationResult& result, const std::string& identity,
                       const std::string& folder) {
  const auto rows = static_cast<std::size_t>(doc.draws);
  write_file_atomically(beside(folder, "posterior.csv"), posterior_csv(result, targets, rows));
  write_table_csv(beside(folder, "parameters.csv"), parameters_table(result, targets));
  write_table_csv(beside(folder, "predictions.csv"), predictions_table(result, targets, set));
  write_table_csv(beside(folder, "gates.csv"), gates_table(result));
  write_table_csv(beside(folder, "studies.csv"), studies_table(result));
  write_posterior_file(beside(folder, "posterior.h5"), result, targets, work,
                       {doc.name, doc.title, program_name(), work.seed, work.problem_digest}, rows);
  CalibrationPageData page = calibration_page_data(result, targets, work);
  page.head = page_head(context, doc, set, targets, result);
  write_file_atomically(beside(folder, "report.html"), calibration_page(page));
  write_file_atomically(beside(folder, "provenance.json"),
                        provenance_text(context, doc, result, identity));
}

}  // namespace npcsim
