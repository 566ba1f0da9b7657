// A bare number has no unit; construction of a duration is explicit.
#include <npcsim/base/units.hpp>

namespace npcsim {

Months horizon() {
#ifdef NPCSIM_WRONG
  return 36.0;
#else
  return Months{36.0};
#endif
}

}  // namespace npcsim
