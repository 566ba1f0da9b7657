// Cox regression of a million records with four covariates. Prints CPU seconds and the growth of
// memory as one line of JSON; with a path it writes the data as CSV instead, for other programs.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/cox_regression.hpp>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace {

constexpr std::size_t records = 1'000'000;
constexpr std::size_t covariates = 4;

struct Data {
  std::vector<double> time = std::vector<double>(records);
  std::vector<std::int32_t> event = std::vector<std::int32_t>(records);
  std::vector<std::vector<double>> x =
      std::vector<std::vector<double>>(covariates, std::vector<double>(records));
};

// Exponential times with log hazard ratio -0.3 of the first covariate, half of them events.
void simulate(Data& data) {
  std::uint64_t state = 20240607;
  const auto uniform = [&state] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (static_cast<double>(state >> 11) + 0.5) * 0x1p-53;
  };
  for (std::size_t i = 0; i < records; ++i) {
    for (auto& column : data.x) column[i] = uniform() + uniform() - uniform() - uniform();
    data.x[1][i] = data.x[1][i] > 0 ? 1 : 0;
    const double death =
        -npcsim::portable::log(uniform()) * npcsim::portable::exp(0.3 * data.x[0][i]);
    const double censoring = -npcsim::portable::log(uniform());
    data.time[i] = death < censoring ? death : censoring;
    data.event[i] = death < censoring ? 1 : 0;
  }
}

void write_csv(const Data& data, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return;
  std::fprintf(file, "time,event,x1,x2,x3,x4\n");
  for (std::size_t i = 0; i < records; ++i) {
    std::fprintf(file, "%.17g,%d,%.17g,%g,%.17g,%.17g\n", data.time[i], data.event[i], data.x[0][i],
                 data.x[1][i], data.x[2][i], data.x[3][i]);
  }
  std::fclose(file);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int main(int count, char** arguments) {
  Data data;
  simulate(data);
  if (count > 1) {
    write_csv(data, arguments[1]);
    return 0;
  }
  npcsim::Covariates columns;
  for (std::size_t j = 0; j < covariates; ++j) {
    columns.names.push_back("x" + std::to_string(j + 1));
    columns.columns.emplace_back(data.x[j]);
  }
  const long before = peak_kilobytes();
  const double start = cpu_seconds();
  const npcsim::CoxRegression fit = npcsim::cox_regression({data.time, data.event}, columns);
  const double seconds = cpu_seconds() - start;
  std::printf(
      "{\"records\": %zu, \"cpu_seconds\": %.3f, \"extra_megabytes\": %.0f, \"iterations\": %d, "
      "\"newton_decrement\": %.2g, \"coefficients\": [%.12g, %.12g, %.12g, %.12g]}\n",
      records, seconds, static_cast<double>(peak_kilobytes() - before) / 1024, fit.iterations,
      fit.newton_decrement, fit.coefficients[0], fit.coefficients[1], fit.coefficients[2],
      fit.coefficients[3]);
  return fit.converged() ? 0 : 1;
}
