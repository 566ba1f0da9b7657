#include <npcsim/run/detail/failed_lives.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

namespace npcsim::detail {

std::vector<FailedLife> failed_lives(const CompiledStudy& study, const std::string& draw) {
  std::vector<FailedLife> out;
  for (std::size_t s = 0; s < study.strategies.size(); ++s) {
    const auto failed = failure_of(*study.strategies[s]);
    if (!failed) continue;
    out.push_back({failed->patient, failed->message + "\n   hint: npcsim replay STUDY --patient " +
                                        std::to_string(failed->patient) + " --strategy " +
                                        study.shape.strategies[s] + draw + " shows that life"});
  }
  return out;
}

}  // namespace npcsim::detail
