// Runs a study of the installed package and prints the median overall survival under each strategy.
#include <npcsim/comparison/run_study.hpp>
#include <npcsim/comparison/summary.hpp>
#include <npcsim/run/library.hpp>
#include <npcsim/run/set_value.hpp>

#include <cstdio>

int main() {
  npcsim::Diagnostics problems;
  const npcsim::Library library{{NPCSIM_DATA_DIR}};
  auto document =
      npcsim::read_study(library, NPCSIM_DATA_DIR "/configs/studies/lrrt.yaml", problems);
  if (document) npcsim::set_value(*document, "patients", "2000", problems);
  const auto study = document ? npcsim::compile_study(library, *document, problems) : nullptr;
  if (study == nullptr || problems.has_errors()) {
    std::fputs(problems.text("nothing was run").c_str(), stderr);
    return 65;
  }
  const npcsim::RunResult result = npcsim::run_study(*study, {});
  for (const npcsim::SummaryRow& row : npcsim::summary_rows(*result.tally)) {
    if (row.endpoint == "OS" && row.statistic == "median" && row.versus.empty() &&
        row.subgroup.empty() && row.value)
      std::printf("%s: %.1f months\n", row.strategy.c_str(), *row.value);
  }
  return 0;
}
