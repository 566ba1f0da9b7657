// Fills the columns of attributes, rule by rule: one member for each group of kinds.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/model/program.hpp>
#include <npcsim/population/attribute_block.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/random/discrete.hpp>
#include <npcsim/random/distributions.hpp>
#include <npcsim/random/positive_stable.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace npcsim::detail {

/// First category whose cumulative probability exceeds u.
inline double category(const std::vector<double>& cumulative, double u) {
  std::size_t k = 0;
  while (k + 1 < cumulative.size() && u >= cumulative[k]) ++k;
  return static_cast<double>(k);
}

/// Columns of n patients: column c of patient i is columns[c * stride + i].
struct ColumnBlock {
  double* columns = nullptr;
  std::size_t stride = 0;
  std::size_t count = 0;
};

/// `Source` says whose draws these are: uniform() and normal() fill a column of a stream, patient()
/// and occurrence() serve draws that are made one by one.
template <class Source>
class ColumnFiller {
 public:
  using Tables = std::vector<std::unique_ptr<QuantileTable>>;  ///< [rule], null where none is used

  ColumnFiller(const Program& program, const std::vector<bool>& needed, const Tables& tables,
               const Source& source, const ColumnBlock& block, PatientSampler::Workspace& work)
      : program_(program),
        needed_(needed),
        tables_(tables),
        source_(source),
        block_(block),
        work_(work),
        n_(block.count) {
    work.draws.resize(n_);
    work.locations.resize(n_);
    draw_ = work.draws.data();
    location_ = work.locations.data();
  }

  /// Rules run in order; a rule uses columns of earlier ones.
  void fill(std::size_t index) {
    const ColumnRule& rule = program_.rules[index];
    double* const out = column(rule.column);
    find_applies(rule);
    switch (rule.kind) {
      case ColumnKind::bernoulli:
      case ColumnKind::bernoulli_logit:
        fill_flag(rule, out);
        break;
      case ColumnKind::categorical:
      case ColumnKind::pattern:
      case ColumnKind::pattern_member:
        fill_category(rule, out);
        break;
      case ColumnKind::normal:
      case ColumnKind::log_normal:
      case ColumnKind::copula_normal:
        fill_normal(rule, out);
        break;
      case ColumnKind::truncated_normal:
        fill_truncated_normal(rule, out);
        break;
      case ColumnKind::gamma:
        normals(rule);
        tables_[index]->values(draw_, n_, out);
        locate(rule);
        for (std::size_t i = 0; i < n_; ++i) out[i] *= location_[i];
        break;
      case ColumnKind::beta: {
        uniforms(rule);
        const BetaDistribution law{rule.low, rule.high};
        for (std::size_t i = 0; i < n_; ++i) out[i] = law.quantile(draw_[i]);
        break;
      }
      case ColumnKind::uniform:
        uniforms(rule);
        for (std::size_t i = 0; i < n_; ++i) out[i] = rule.low + (rule.high - rule.low) * draw_[i];
        break;
      case ColumnKind::poisson:
        fill_poisson(rule, out);
        break;
      case ColumnKind::constant:
      case ColumnKind::linear:
      case ColumnKind::sum:
      case ColumnKind::product:
      case ColumnKind::log10:
        combine(rule, out);
        break;
      case ColumnKind::standardised:
        break;  // filled by the rule of its operand
      case ColumnKind::condition:
        fill_condition(program_.conditions, rule.condition, attributes(), out, work_.conditions);
        break;
      case ColumnKind::resample:
        resample(rule, out);
        break;
      case ColumnKind::frailty_gamma:
      case ColumnKind::frailty_log_normal:
        source_.normal(StreamName::from_hash(rule.stream), n_, out);
        break;
      case ColumnKind::frailty_stable:
        fill_stable(rule, out);
        break;
      case ColumnKind::frailty_log:
        fill_log_frailty(rule, index, out);
        break;
    }
    if (rule.plus != 0) {
      for (std::size_t i = 0; i < n_; ++i) out[i] += rule.plus;
    }
    if (applies_ != nullptr) {
      for (std::size_t i = 0; i < n_; ++i) out[i] = applies_[i] != 0 ? out[i] : rule.otherwise;
    }
  }

 private:
  double* column(std::int32_t c) const {
    return block_.columns + static_cast<std::size_t>(c) * block_.stride;
  }
  AttributeBlock attributes() const { return {block_.columns, block_.stride, n_}; }

  // To whom the rule applies; null: to everybody.
  void find_applies(const ColumnRule& rule) {
    applies_ = nullptr;
    if (rule.condition < 0 || rule.kind == ColumnKind::condition) return;
    work_.flags.resize(n_);
    fill_condition(program_.conditions, rule.condition, attributes(), work_.flags.data(),
                   work_.conditions);
    applies_ = work_.flags.data();
  }

  void locate(const ColumnRule& rule) { fill_linear(rule.location, attributes(), location_); }

  void uniforms(const ColumnRule& rule) {
    if (rule.latent < 0) {
      source_.uniform(StreamName::from_hash(rule.stream), n_, draw_);
      return;
    }
    const double* z = column(rule.latent);
    for (std::size_t i = 0; i < n_; ++i) draw_[i] = portable::normal_cdf(z[i]);
  }

  // A flag is true for small uniforms; in a copula it is true where its latent normal is high.
  void flag_uniforms(const ColumnRule& rule) {
    if (rule.latent < 0) {
      uniforms(rule);
      return;
    }
    const double* z = column(rule.latent);
    for (std::size_t i = 0; i < n_; ++i) draw_[i] = portable::normal_cdf(-z[i]);
  }

  void normals(const ColumnRule& rule) {
    if (rule.latent >= 0) {
      std::copy_n(column(rule.latent), n_, draw_);
    } else {
      source_.normal(StreamName::from_hash(rule.stream), n_, draw_);
    }
    if (rule.score >= 0 && needed_[static_cast<std::size_t>(rule.score)])
      std::copy_n(draw_, n_, column(rule.score));
  }

  void fill_flag(const ColumnRule& rule, double* out) {
    flag_uniforms(rule);
    if (rule.kind == ColumnKind::bernoulli_logit) {
      locate(rule);
      fill_logistic_flags(draw_, location_, n_, out);
    } else if (rule.location.terms.empty()) {
      const double p = rule.location.intercept;
      for (std::size_t i = 0; i < n_; ++i) out[i] = draw_[i] < p ? 1.0 : 0.0;
    } else {
      locate(rule);
      for (std::size_t i = 0; i < n_; ++i) out[i] = draw_[i] < location_[i] ? 1.0 : 0.0;
    }
  }

  void fill_category(const ColumnRule& rule, double* out) {
    if (rule.kind == ColumnKind::pattern_member) {
      const double* subset = column(rule.operands[0]);
      const auto bit = static_cast<unsigned>(rule.low);
      for (std::size_t i = 0; i < n_; ++i)
        out[i] = static_cast<double>((static_cast<unsigned>(subset[i]) >> bit) & 1U);
      return;
    }
    uniforms(rule);
    // Subsets are numbered from 1: bit j says that member j belongs to it.
    const double first = rule.kind == ColumnKind::pattern ? 1.0 : 0.0;
    for (std::size_t i = 0; i < n_; ++i) out[i] = category(rule.weights, draw_[i]) + first;
  }

  void fill_normal(const ColumnRule& rule, double* out) {
    normals(rule);
    if (rule.kind == ColumnKind::copula_normal) {
      const CopulaGroup& group = program_.copulas[static_cast<std::size_t>(rule.copula)];
      // The factor mixes independent draws of this row and of the rows before it.
      const auto row = static_cast<std::size_t>(rule.copula_row);
      const double* factor = group.cholesky.data() + row * (row + 1) / 2;
      for (std::size_t i = 0; i < n_; ++i) out[i] = factor[row] * draw_[i];
      for (std::size_t k = 0; k < row; ++k) {
        source_.normal(StreamName::from_hash(group.streams[k]), n_, draw_);
        for (std::size_t i = 0; i < n_; ++i) out[i] += factor[k] * draw_[i];
      }
      return;
    }
    locate(rule);
    for (std::size_t i = 0; i < n_; ++i) out[i] = location_[i] + rule.spread * draw_[i];
    if (rule.kind == ColumnKind::log_normal) exponentiate(out, n_);
  }

  void fill_truncated_normal(const ColumnRule& rule, double* out) {
    uniforms(rule);
    if (rule.location.terms.empty()) {
      const TruncatedNormalDistribution law({rule.location.intercept, rule.spread}, rule.low,
                                            rule.high);
      for (std::size_t i = 0; i < n_; ++i) out[i] = law.quantile(draw_[i]);
      return;
    }
    locate(rule);
    for (std::size_t i = 0; i < n_; ++i) {
      out[i] = TruncatedNormalDistribution({location_[i], rule.spread}, rule.low, rule.high)
                   .quantile(draw_[i]);
    }
  }

  void fill_poisson(const ColumnRule& rule, double* out) {
    uniforms(rule);
    locate(rule);
    for (const std::int32_t times : rule.operands) {
      const double* factor = column(times);
      for (std::size_t i = 0; i < n_; ++i) location_[i] *= factor[i];
    }
    for (std::size_t i = 0; i < n_; ++i) {
      const double mean = location_[i];
      const bool wanted = mean > 0 && (applies_ == nullptr || applies_[i] != 0);
      out[i] = wanted ? static_cast<double>(PoissonDistribution(mean).quantile(draw_[i])) : 0.0;
    }
  }

  // What follows from other columns.
  void combine(const ColumnRule& rule, double* out) {
    constexpr double log10_of_e = 0.43429448190325182765;
    switch (rule.kind) {
      case ColumnKind::constant:
        std::fill_n(out, n_, rule.location.intercept);
        break;
      case ColumnKind::linear:
        fill_linear(rule.location, attributes(), out);
        break;
      case ColumnKind::log10: {
        const double* x = column(rule.operands[0]);
        for (std::size_t i = 0; i < n_; ++i)
          out[i] = x[i] > 0 ? portable::log(x[i]) * log10_of_e : 0.0;
        break;
      }
      case ColumnKind::sum:
        std::fill_n(out, n_, 0.0);
        for (const std::int32_t operand : rule.operands) {
          const double* x = column(operand);
          for (std::size_t i = 0; i < n_; ++i) out[i] += x[i];
        }
        break;
      default:  // product
        std::fill_n(out, n_, 1.0);
        for (const std::int32_t operand : rule.operands) {
          const double* x = column(operand);
          for (std::size_t i = 0; i < n_; ++i) out[i] *= x[i];
        }
        break;
    }
  }

  // One row of the table for all resampled columns of a patient.
  void resample(const ColumnRule& rule, double* out) {
    source_.uniform(StreamName::from_hash(program_.resample_stream), n_, draw_);
    const auto& from = program_.resample->columns[static_cast<std::size_t>(rule.operands[0])];
    const double rows = static_cast<double>(program_.resample->rows);
    for (std::size_t i = 0; i < n_; ++i) out[i] = from[static_cast<std::size_t>(draw_[i] * rows)];
  }

  void fill_stable(const ColumnRule& rule, double* out) {
    const PositiveStableDistribution law{rule.spread};
    const StreamName stream = StreamName::from_hash(rule.stream);
    for (std::size_t i = 0; i < n_; ++i) {
      out[i] = law.log_value(
          PatientDraws(source_.key, source_.patient(i)).uniform_pair(stream, source_.occurrence()));
    }
  }

  void fill_log_frailty(const ColumnRule& rule, std::size_t index, double* out) {
    const ColumnRule& frailty = program_.rules[static_cast<std::size_t>(rule.operands[0])];
    const double* score = column(rule.operands[0]);
    if (frailty.kind == ColumnKind::frailty_gamma) {
      tables_[index]->log_values(score, n_, out);
    } else if (frailty.kind == ColumnKind::frailty_log_normal) {
      for (std::size_t i = 0; i < n_; ++i) out[i] = frailty.spread * score[i];
    } else {
      std::copy_n(score, n_, out);
    }
  }

  const Program& program_;
  const std::vector<bool>& needed_;
  const Tables& tables_;
  const Source& source_;
  ColumnBlock block_;
  PatientSampler::Workspace& work_;
  std::size_t n_;
  double* draw_ = nullptr;
  double* location_ = nullptr;
  const double* applies_ = nullptr;
};

}  // namespace npcsim::detail
