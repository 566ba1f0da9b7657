#include <npcsim/calibration/detail/within_sets.hpp>

#include <algorithm>

namespace npcsim::detail {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

WithinSets::WithinSets(const std::vector<Index>& sets)
    : sets_(sets),
      points_(VectorXd::Zero(1 + *std::max_element(sets.begin(), sets.end()))),
      leverage_(static_cast<Index>(sets.size())) {
  for (const Index set : sets) points_[set] += 1;
  for (Index i = 0; i < leverage_.size(); ++i)
    leverage_[i] = 1 / points_[sets[static_cast<std::size_t>(i)]];
}

void WithinSets::centre(MatrixXd& rows) const {
  MatrixXd mean = MatrixXd::Zero(count(), rows.cols());
  for (Index i = 0; i < rows.rows(); ++i)
    mean.row(sets_[static_cast<std::size_t>(i)]) += rows.row(i);
  mean.array().colwise() /= points_.array().max(1);
  for (Index i = 0; i < rows.rows(); ++i)
    rows.row(i) -= mean.row(sets_[static_cast<std::size_t>(i)]);
}

}  // namespace npcsim::detail
