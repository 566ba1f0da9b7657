#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/switching_checks.hpp>

namespace npcsim::detail {

std::vector<std::string> broken_promises(const SwitchingTrial& trial) {
  TimeToEvent records{trial.time, trial.event};
  records.stratum = trial.stratum;
  std::vector<std::string> broken = broken_promises(records);
  if (trial.arm.size() != trial.patients()) broken.emplace_back("arms are missing");
  if (!trial.censoring_time.empty() && trial.censoring_time.size() != trial.patients()) {
    broken.emplace_back("censoring times have another length than the times");
  }
  if (!broken.empty()) return broken;
  for (std::size_t i = 0; i < trial.patients(); ++i) {
    const std::string row = "row " + std::to_string(i + 1) + ": ";
    if (trial.arm[i] != 0 && trial.arm[i] != 1) broken.push_back(row + "the arm is not 0 or 1");
    if (!(trial.time[i] > 0)) broken.push_back(row + "the time is not above 0");
    if (!trial.censoring_time.empty() && trial.censoring_time[i] < trial.time[i]) {
      broken.push_back(row + "the censoring time is before the time");
    }
    if (!broken.empty()) break;
  }
  return broken;
}

}  // namespace npcsim::detail
