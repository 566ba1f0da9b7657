// A patient's time cannot be before or after a calendar time of the trial.
#include <npcsim/base/units.hpp>

namespace npcsim {

bool is_later(StudyTime cutoff, StudyTime entry, PatientTime progressed) {
#ifdef NPCSIM_WRONG
  static_cast<void>(entry);
  return cutoff > progressed;
#else
  static_cast<void>(progressed);
  return cutoff > entry;
#endif
}

}  // namespace npcsim
