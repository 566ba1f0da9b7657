// "Patients who received more cycles lived longer": what that finding says in the model, and what
// it says where cycles do nothing.
#pragma once

#include <npcsim/emulation/emulated_study.hpp>
#include <npcsim/emulation/patient_pool.hpp>

#include <string>
#include <vector>

namespace npcsim {

struct CyclesFinding {
  std::string question;
  LogRatio associational;   ///< received by the end of follow-up, as if known at diagnosis
  LogRatio landmark;        ///< received by the landmark, among those alive then
  LogRatio causal;          ///< more cycles planned for the same patients
  LogRatio without_effect;  ///< the associational one where the treatment does nothing
};

/// `pool`: the strategies more, fewer chemotherapy cycles and fewer doses, in the order of
/// configs/studies/cycles.yaml: six cycles and PD-1 inhibitor for 24 months; four cycles; eight
/// doses; six doses. Overall survival, follow-up of `follow_days`. `values`: of the parameters.
std::vector<CyclesFinding> cycles_findings(PatientPool& pool, const NamedValues& values,
                                           std::uint32_t patients, double follow_days);

}  // namespace npcsim
