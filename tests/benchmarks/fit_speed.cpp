// CPU time of fits to many records, beside R's survreg on the same records in the same run.
//
//   fit_speed [rows] [survreg]     rows: 1000000; survreg: times R's fits too (needs Rscript)
#include <npcsim/fitting/parametric_fit.hpp>
#include <npcsim/random/draws.hpp>
#include <npcsim/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace npcsim;

struct Records {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<double> columns[4];
};

/// Weibull times with four covariates, half of them binary, and uniform censoring.
Records simulate(std::uint32_t rows) {
  Records r;
  for (std::uint32_t i = 0; i < rows; ++i) {
    const PatientDraws draws({20260101, 0}, i);
    const double x[] = {draws.normal("x1"_stream), draws.uniform("x2"_stream) < 0.4 ? 1.0 : 0.0,
                        60.0 + 10.0 * draws.normal("x3"_stream),
                        draws.uniform("x4"_stream) < 0.1 ? 1.0 : 0.0};
    const double log_scale = 3.0 + 0.3 * x[0] - 0.5 * x[1] - 0.01 * x[2] + 0.2 * x[3];
    const double t =
        std::exp(log_scale) * std::pow(draws.unit_exponential("event"_stream), 1.0 / 1.4);
    const double end = 40.0 * draws.uniform("censored"_stream);
    r.time.push_back(std::min(t, end));
    r.event.push_back(t <= end ? 1 : 0);
    for (std::size_t c = 0; c < 4; ++c) r.columns[c].push_back(x[c]);
  }
  return r;
}

double weibull_seconds(const Records& records) {
  FitData data;
  data.records.time = records.time;
  data.records.event = records.event;
  data.covariates.names = {"x1", "x2", "x3", "x4"};
  for (const auto& column : records.columns) data.covariates.columns.emplace_back(column);
  double weibull = 0.0;
  std::printf("%-24s %8s %10s %12s\n", "model", "CPU s", "steps", "gradient/SE");
  for (const char* name : {"exponential", "weibull", "gompertz", "llogis", "lnorm", "gamma",
                           "gengamma", "spline_hazard", "spline_odds", "cure_mixture_weibull"}) {
    FitSpecification specification;
    const NamedFamily named = *find_model(name);
    specification.family = named.family;
    specification.cure = named.cure;
    specification.inner_knots = 2;
    specification.effects = effects_on_location(data.covariates);
    const std::clock_t start = std::clock();
    const FitResult result = fit(specification, data);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%-24s %8.3f %10d %12.1e%s\n", name, seconds, result.certificate.iterations,
                result.certificate.gradient_in_se, result.converged ? "" : "  NOT CONVERGED");
    if (std::strcmp(name, "weibull") == 0) weibull = seconds;
  }
  return weibull;
}

/// CPU seconds of survreg's Weibull fit to the same records; negative without R.
double survreg_seconds(const Records& records) {
  const std::string path = "fit_speed.bin";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return -1.0;
  const auto write = [&](const std::vector<double>& column) {
    std::fwrite(column.data(), sizeof(double), column.size(), file);
  };
  write(records.time);
  write(std::vector<double>(records.event.begin(), records.event.end()));
  for (const auto& column : records.columns) write(column);
  std::fclose(file);
  const std::string script =
      "Rscript -e \"suppressMessages(library(survival)); n <- " +
      std::to_string(records.time.size()) +
      "; d <- as.data.frame(matrix(readBin('fit_speed.bin', 'double', 6 * n), n)); s <- "
      "system.time(survreg(Surv(V1, V2) ~ V3 + V4 + V5 + V6, d)); cat(s[[1]] + s[[2]])\"";
  double seconds = -1.0;
  if (std::FILE* pipe = popen(script.c_str(), "r")) {
    if (std::fscanf(pipe, "%lf", &seconds) != 1) seconds = -1.0;
    pclose(pipe);
  }
  std::remove(path.c_str());
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const long rows = argc > 1 ? std::atol(argv[1]) : 1000000;
  const Records records = simulate(static_cast<std::uint32_t>(rows));
  const double ours = weibull_seconds(records);
  if (argc < 3) return 0;
  const double theirs = survreg_seconds(records);
  if (theirs < 0.0) {
    std::puts("survreg: no R with package survival here");
    return 1;
  }
  std::printf("survreg, Weibull: %.3f CPU s, %.1f times ours\n", theirs, theirs / ours);
  return 0;
}
