// The partial likelihood of a fit, evaluated at its coefficients.
#pragma once

#include <npcsim/survival/detail/partial_likelihood.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace npcsim::detail {

struct FittedLikelihood {
  FittedLikelihood(const TimeToEvent& records, const Covariates& covariates,
                   const CoxRegression& fit, const CoxOptions& options)
      : likelihood(records, covariates, options) {
    for (std::size_t j = 0; j < fit.count(); ++j) {
      beta.push_back(fit.coefficients[j] * likelihood.scale(j));
    }
    likelihood.evaluate(beta, derivatives);
  }

  PartialLikelihood likelihood;
  std::vector<double> beta;  ///< of the standardised columns
  Derivatives derivatives;
};

/// Sums over the rows at risk while a sweep moves through time: of the risk, and of risk times each
/// standardised column.
class RiskSetSums {
 public:
  void clear() {
    total_ = 0;
    std::fill(first_.begin(), first_.end(), 0.0);
  }
  void add(std::size_t position) { change(position, likelihood_.risk()[position]); }
  void remove(std::size_t position) { change(position, -likelihood_.risk()[position]); }

 protected:
  explicit RiskSetSums(const PartialLikelihood& likelihood)
      : likelihood_(likelihood), first_(likelihood.count(), 0.0) {}
  /// Risk times column j over the tied events of a group.
  double tied(std::size_t j, const EventGroup& group) const {
    double sum = 0;
    for (std::size_t i = group.first; i < group.first + group.events; ++i) {
      sum += likelihood_.risk()[i] * likelihood_.column(j)[i];
    }
    return sum;
  }

  const PartialLikelihood& likelihood_;
  std::vector<double> first_;  ///< [column]
  double total_ = 0;

 private:
  void change(std::size_t position, double risk) {
    total_ += risk;
    for (std::size_t j = 0; j < first_.size(); ++j) {
      first_[j] += risk * likelihood_.column(j)[position];
    }
  }
};

}  // namespace npcsim::detail
