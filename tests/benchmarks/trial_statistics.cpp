// Log-rank test, Cox regression and restricted means of a two-arm trial, thousands of times: what a
// simulated trial design asks for. Prints trials per CPU second as one line of JSON.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/cox_two_groups.hpp>
#include <npcsim/survival/restricted_mean.hpp>
#include <npcsim/survival/weighted_log_rank.hpp>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>

namespace {

constexpr std::size_t patients = 400;
constexpr std::size_t different = 64;  // trials made beforehand
constexpr int repeats = 500;

struct Trial {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> group;
};

// Exponential times with hazard ratio 0.7, accrual over 24 months, cutoff at 48.
Trial simulate(std::uint64_t& state) {
  const auto uniform = [&state] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (static_cast<double>(state >> 11) + 0.5) * 0x1p-53;
  };
  Trial trial;
  for (std::size_t i = 0; i < patients; ++i) {
    const std::int32_t arm = static_cast<std::int32_t>(i % 2);
    const double rate = (arm == 1 ? 0.7 : 1.0) * 0.05;
    const double death = -npcsim::portable::log(uniform()) / rate;
    const double follow_up = 48 - 24 * uniform();
    trial.time.push_back(death < follow_up ? death : follow_up);
    trial.event.push_back(death < follow_up ? 1 : 0);
    trial.group.push_back(arm);
  }
  return trial;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main() {
  std::uint64_t state = 20240607;
  std::vector<Trial> trials;
  for (std::size_t k = 0; k < different; ++k) trials.push_back(simulate(state));
  npcsim::SortedRecords sorted;
  npcsim::RiskSets sets;
  std::vector<npcsim::RiskRow> rows;
  double sum = 0;
  double sorting = 0;
  const double start = cpu_seconds();
  for (int r = 0; r < repeats; ++r) {
    for (const Trial& trial : trials) {
      sorted.assign({trial.time, trial.event}, trial.group);
      sets.assign(sorted);
      sets.two_groups(1, 0, rows);
      const npcsim::GroupLogRank test = npcsim::log_rank_test(sets);
      // One step from no effect is close already.
      const double first = (test.observed[1] - test.expected[1]) / test.variance[3];
      const npcsim::CoxFit fit = npcsim::cox_two_groups(rows, first);
      const auto treated = npcsim::restricted_mean(sets, 1, 36);
      const auto control = npcsim::restricted_mean(sets, 0, 36);
      sum += test.z + fit.value + npcsim::contrast(treated, control).difference.z;
    }
  }
  const double all = cpu_seconds() - start;
  const double start_sorting = cpu_seconds();
  for (int r = 0; r < repeats; ++r) {
    for (const Trial& trial : trials) {
      sorted.assign({trial.time, trial.event}, trial.group);
      sorting += sorted.time()[0];
    }
  }
  const double of_sort = cpu_seconds() - start_sorting;
  const double count = static_cast<double>(different) * repeats;
  std::printf(
      "{\"patients\": %zu, \"trials_per_cpu_second\": %.0f, \"sorts_per_cpu_second\": %.0f, "
      "\"check\": %.6f}\n",
      patients, count / all, count / of_sort, (sum + 0 * sorting) / count);
  return 0;
}
