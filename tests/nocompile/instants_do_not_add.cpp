// The sum of two points in time means nothing; a point plus a duration does.
#include <npcsim/base/units.hpp>

namespace npcsim {

PatientTime later(PatientTime start, PatientTime other, Days wait) {
#ifdef NPCSIM_WRONG
  static_cast<void>(wait);
  return start + other;
#else
  static_cast<void>(other);
  return start + wait;
#endif
}

}  // namespace npcsim
