// Time since diagnosis and time since the first patient came in are different clocks.
#include <npcsim/base/units.hpp>

namespace npcsim {

Days follow_up(StudyTime cutoff, StudyTime entry, PatientTime progressed) {
#ifdef NPCSIM_WRONG
  static_cast<void>(entry);
  return cutoff - progressed;
#else
  static_cast<void>(progressed);
  return cutoff - entry;
#endif
}

}  // namespace npcsim
