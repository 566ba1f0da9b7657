// A rate is not a probability: 12 months at 0.1 per month are not 120 %.
#include <npcsim/base/units.hpp>

namespace npcsim {

double share(Probability p) { return p.value(); }

double within_a_year(RatePerMonth rate, Probability p) {
#ifdef NPCSIM_WRONG
  static_cast<void>(p);
  return share(rate);
#else
  static_cast<void>(rate);
  return share(p);
#endif
}

}  // namespace npcsim
