#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/gray_test.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// One group at one time with events.
struct GroupAt {
  double at_risk = 0;
  double cause = 0;            // events of the cause
  double other = 0;            // and of the others
  double survival_before = 1;  // Kaplan-Meier of any cause
  double survival = 1;
  double incidence_before = 0;  // of the cause
};

// The stratum's times with events; [time * groups + group].
std::vector<GroupAt> tabulate(const SortedRecords& records, std::size_t stratum,
                              std::int32_t cause) {
  const std::size_t groups = records.groups();
  const std::size_t begin = records.stratum_begin()[stratum];
  const std::size_t end = records.stratum_begin()[stratum + 1];
  std::vector<double> at_risk(groups, 0.0);
  for (std::size_t i = begin; i < end; ++i) at_risk[records.group_at(i)] += 1;
  std::vector<double> survival(groups, 1.0);
  std::vector<double> incidence(groups, 0.0);
  std::vector<GroupAt> table;
  for (std::size_t first = begin; first < end;) {
    std::size_t last = first;
    while (last < end && records.time()[last] == records.time()[first]) ++last;
    if (records.event()[first] > 0) {  // events come first
      const std::size_t row = table.size();
      table.resize(row + groups);
      for (std::size_t i = first; i < last; ++i) {
        GroupAt& at = table[row + records.group_at(i)];
        if (records.event()[i] > 0) (records.event()[i] == cause ? at.cause : at.other) += 1;
      }
      for (std::size_t g = 0; g < groups; ++g) {
        GroupAt& at = table[row + g];
        at.at_risk = at_risk[g];
        at.survival_before = survival[g];
        at.incidence_before = incidence[g];
        if (at.at_risk > 0) {
          survival[g] *= (at.at_risk - at.cause - at.other) / at.at_risk;
          incidence[g] += at.survival_before * at.cause / at.at_risk;
        }
        at.survival = survival[g];
      }
    }
    for (std::size_t i = first; i < last; ++i) at_risk[records.group_at(i)] -= 1;
    first = last;
  }
  return table;
}

// Score and variance of one stratum. In Gray's notation: h = n / S- (adjusted risk set over
// 1 - F-), R = h (1 - F-), F0 the common incidence with steps dN / h., weight (1 - F0-)^rho.
class GrayScore {
 public:
  GrayScore(std::size_t groups, double rho)
      : groups_(groups), rho_(rho), a_(groups * groups), c_(groups * groups) {}

  // The variance needs c at the end of the stratum, so its times are gone through twice.
  void add(const std::vector<GroupAt>& table, GrayTest& test) {
    start();
    for (std::size_t row = 0; row < table.size(); row += groups_) {
      if (!comparable(&table[row])) break;
      step(&table[row]);
      add_score(&table[row], test);
    }
    const std::vector<double> c_end = c_;
    start();
    for (std::size_t row = 0; row < table.size(); row += groups_) {
      if (!comparable(&table[row])) break;
      step(&table[row]);
      add_variance(&table[row], c_end, test);
    }
  }

 private:
  // From the time on at which one group alone is left, a and dc are 0 and nothing is added; the
  // common incidence may reach 1 there, where dc would be 0 / 0.
  bool comparable(const GroupAt* at) const {
    return std::count_if(at, at + groups_, [](const GroupAt& g) { return g.at_risk > 0; }) > 1;
  }

  void start() {
    common_ = 0;
    std::fill(c_.begin(), c_.end(), 0.0);
  }

  // a_ik = weight h_i ([i = k] - h_k / h.) at this time, c_ik = sum of a_ik dF0 / (1 - F0-) so far.
  void step(const GroupAt* at) {
    const double before = common_;
    events_ = 0;
    adjusted_ = 0;
    for (std::size_t g = 0; g < groups_; ++g) {
      events_ += at[g].cause;
      adjusted_ += adjusted_of(at[g]);
    }
    weight_ = rho_ == 0 ? 1 : portable::pow(1 - before, rho_);
    for (std::size_t i = 0; i < groups_; ++i) {
      for (std::size_t k = 0; k < groups_; ++k) {
        const double share = adjusted_of(at[k]) / adjusted_;
        const double a = weight_ * adjusted_of(at[i]) * ((i == k ? 1.0 : 0.0) - share);
        a_[i * groups_ + k] = a;
        c_[i * groups_ + k] += a * events_ / (adjusted_ * (1 - before));
      }
    }
    common_ = before + events_ / adjusted_;
  }

  static double adjusted_of(const GroupAt& at) {
    return at.at_risk > 0 ? at.at_risk / at.survival_before : 0;
  }

  void add_score(const GroupAt* at, GrayTest& test) const {
    double risk = 0;  // sum of R
    for (std::size_t g = 0; g < groups_; ++g) {
      risk += adjusted_of(at[g]) * (1 - at[g].incidence_before);
    }
    for (std::size_t i = 0; i + 1 < groups_; ++i) {
      const double share = adjusted_of(at[i]) * (1 - at[i].incidence_before) / risk;
      test.score[i] += weight_ * (at[i].cause - events_ * share);
    }
  }

  // The score is, to first order, a sum over groups k of martingales of the cause and of the other
  // causes in k; here they count a + (1 - D) (c(end) - c) and D (c - c(end)), D = (1 - F0) / S.
  void add_variance(const GroupAt* at, const std::vector<double>& c_end, GrayTest& test) const {
    for (std::size_t k = 0; k < groups_; ++k) {
      if (!(at[k].at_risk > 0)) continue;
      const double d = at[k].survival > 0 ? (1 - common_) / at[k].survival : 0;
      if (events_ > 0) {
        const double sets = adjusted_ * at[k].survival_before;
        const double ties = events_ > 1 ? 1 - (events_ - 1) / (sets - 1) : 1;
        const double spread = ties * at[k].survival_before * events_ / (adjusted_ * at[k].at_risk);
        add_products(k, 1, 1 - d, c_end, spread, test);
      }
      if (at[k].other > 0 && at[k].survival > 0) {
        const double ties = at[k].other > 1 ? 1 - (at[k].other - 1) / (at[k].at_risk - 1) : 1;
        const double step = at[k].survival_before / at[k].at_risk;
        add_products(k, 0, -d, c_end, ties * step * step * at[k].other, test);
      }
    }
  }

  void add_products(std::size_t k, double of_a, double of_c, const std::vector<double>& c_end,
                    double spread, GrayTest& test) const {
    const std::size_t size = groups_ - 1;
    const auto moves = [&](std::size_t i) {
      const std::size_t ik = i * groups_ + k;
      return of_a * a_[ik] + of_c * (c_end[ik] - c_[ik]);
    };
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) {
        test.variance[i * size + j] += moves(i) * moves(j) * spread;
      }
    }
  }

  std::size_t groups_;
  double rho_;
  std::vector<double> a_;  // [group][group]
  std::vector<double> c_;  // [group][group], running
  double weight_ = 1;
  double events_ = 0;    // of the cause
  double adjusted_ = 0;  // h.
  double common_ = 0;    // F0 just after
};

}  // namespace

GrayTest gray_test(const SortedRecords& records, std::int32_t cause, double rho) {
  NPCSIM_EXPECTS(records.entry().empty() && records.weight().empty());
  GrayTest test;
  const std::size_t groups = records.groups();
  if (groups < 2) return test;
  const std::size_t size = groups - 1;
  test.score.assign(size, 0.0);
  test.variance.assign(size * size, 0.0);
  test.degrees = static_cast<int>(size);
  GrayScore score(groups, rho);
  for (std::size_t s = 0; s < records.strata(); ++s) {
    score.add(tabulate(records, s, cause), test);
  }
  for (std::size_t i = 0; i < size; ++i) {
    const double variance = test.variance[i * size + i];
    if (!(variance > 0) || !std::isfinite(variance)) return test;
  }
  const detail::Cholesky factor(test.variance, size);
  if (!factor.full_rank()) return test;
  test.chi_square = factor.quadratic_form(test.score);
  test.p = portable::gamma_q(0.5 * test.degrees, test.chi_square / 2);
  test.defined = true;
  return test;
}

}  // namespace npcsim
