#include <npcsim/base/portable_math.hpp>
#include <npcsim/calibration/targets.hpp>

namespace npcsim {

double natural_value(ParameterTransform transform, double real) {
  switch (transform) {
    case ParameterTransform::log:
      return portable::exp(real);
    case ParameterTransform::logit:
      return 1 / (1 + portable::exp(-real));
    case ParameterTransform::identity:
      break;
  }
  return real;
}

}  // namespace npcsim
