// Maximum likelihood fits of all families against independent programs.
//
// "survreg": R's survival 3.5, survreg.control(rel.tolerance = 1e-14). The others: the likelihood
// written in R from flexsurv's density and survival formulas (dweibull, pgamma, pbeta, ... of base
// R), maximised by optim (BFGS) and then Newton's method with gradients and Hessians of numDeriv
// until steps were below 1e-6 standard errors. Baseline parameters on flexsurv's transformed scale
// first, then effects.
#include "fit_data.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

struct Reference {
  const char* name;
  const char* data;
  const char* model;
  const char* covariates;
  const char* on;
  double loglik;
  std::vector<double> estimates;
  std::vector<double> standard_errors;
};

const std::vector<Reference>& references() {
  static const std::vector<Reference> table = {
#include "reference_fits.inc"
  };
  return table;
}

class ReferenceFit : public testing::TestWithParam<std::size_t> {};

TEST_P(ReferenceFit, AgreesWithAnIndependentProgram) {
  const Reference& reference = references()[GetParam()];
  SCOPED_TRACE(reference.name);
  const Columns columns = columns_of(reference.data);
  const Model model = model_of(reference.model, reference.covariates, reference.on);
  const FitResult fitted = fit(model.specification, columns.data(model.covariates));
  ASSERT_TRUE(fitted.converged) << fitted.problem;
  EXPECT_NEAR(fitted.loglik, reference.loglik, 1e-9 * std::fabs(reference.loglik));
  ASSERT_EQ(fitted.parameters.size(), reference.estimates.size());
  for (std::size_t i = 0; i < reference.estimates.size(); ++i) {
    const FittedParameter& p = fitted.parameters[i];
    const double se = reference.standard_errors[i];
    EXPECT_NEAR(p.estimate_transformed, reference.estimates[i],
                1e-6 * std::max(std::fabs(reference.estimates[i]), se))
        << p.name;
    EXPECT_NEAR(p.se_transformed, se, 1e-5 * se) << p.name;
  }
  EXPECT_LT(fitted.certificate.newton_decrement, 1e-10);
  EXPECT_LT(fitted.certificate.gradient_in_se, 1e-5);
  EXPECT_GT(fitted.certificate.smallest_eigenvalue, 0.0);
}

INSTANTIATE_TEST_SUITE_P(AllFamilies, ReferenceFit,
                         testing::Range<std::size_t>(0, references().size()));

}  // namespace
}  // namespace npcsim::test
