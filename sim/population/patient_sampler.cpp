#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/population/attribute_block.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/random/discrete.hpp>
#include <npcsim/random/distributions.hpp>
#include <npcsim/random/normal_inverse.hpp>
#include <npcsim/random/positive_stable.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <algorithm>

namespace npcsim {
namespace {

constexpr double log10_of_e = 0.43429448190325182765;

// Consecutive patients, first candidate.
struct RangeSource {
  DrawKey key;
  std::uint32_t first;
  std::uint32_t occurrence() const { return 0; }
  std::uint32_t patient(std::size_t i) const { return first + static_cast<std::uint32_t>(i); }
  void uniform(StreamName stream, std::size_t n, double* out) const {
    fill_uniform(key, first, n, stream, 0, out);
  }
  void normal(StreamName stream, std::size_t n, double* out) const {
    fill_normal(key, first, n, stream, 0, out);
  }
};

// A list of patients, a later candidate.
struct ListSource {
  DrawKey key;
  const std::vector<std::uint32_t>& patients;
  std::uint32_t candidate;
  std::uint32_t occurrence() const { return candidate; }
  std::uint32_t patient(std::size_t i) const { return patients[i]; }
  void uniform(StreamName stream, std::size_t, double* out) const {
    fill_uniform(key, patients, stream, candidate, out);
  }
  void normal(StreamName stream, std::size_t, double* out) const {
    fill_normal(key, patients, stream, candidate, out);
  }
};

// First category whose cumulative probability exceeds u.
double category(const std::vector<double>& cumulative, double u) {
  std::size_t k = 0;
  while (k + 1 < cumulative.size() && u >= cumulative[k]) ++k;
  return static_cast<double>(k);
}

}  // namespace

// One table for each rule that needs one, by rule index.
struct PatientSampler::Prepared {
  std::vector<std::unique_ptr<QuantileTable>> tables;
};

PatientSampler::PatientSampler(const Program& program, std::vector<bool> needed)
    : program_(program), needed_(std::move(needed)), prepared_(std::make_unique<Prepared>()) {
  prepared_->tables.resize(program.rules.size());
  for (std::size_t r = 0; r < program.rules.size(); ++r) {
    const ColumnRule& rule = program.rules[r];
    if (!needed_[r]) continue;
    if (rule.kind == ColumnKind::gamma) {
      prepared_->tables[r] =
          std::make_unique<QuantileTable>(QuantileTable::gamma_of_shape(rule.spread));
    } else if (rule.kind == ColumnKind::frailty_log) {
      const ColumnRule& source = program.rules[static_cast<std::size_t>(rule.operands[0])];
      if (source.kind == ColumnKind::frailty_gamma) {
        prepared_->tables[r] =
            std::make_unique<QuantileTable>(QuantileTable::gamma_of_variance(source.spread));
      }
    }
  }
}

PatientSampler::~PatientSampler() = default;

template <class Source>
void PatientSampler::fill(const Source& source, std::size_t n, double* columns, std::size_t stride,
                          Workspace& work) const {
  work.draws.resize(n);
  double* const draw = work.draws.data();
  const auto column = [&](std::int32_t c) {
    return columns + static_cast<std::size_t>(c) * stride;
  };
  const AttributeBlock block{columns, stride, n};
  work.locations.resize(n);
  double* const location = work.locations.data();

  for (std::size_t r = 0; r < program_.rules.size(); ++r) {
    if (!needed_[r]) continue;
    const ColumnRule& rule = program_.rules[r];
    const StreamName stream = StreamName::from_hash(rule.stream);
    double* const out = column(rule.column);
    // To whom the rule applies; null: to everybody.
    const double* applies = nullptr;
    if (rule.condition >= 0 && rule.kind != ColumnKind::condition) {
      work.flags.resize(n);
      fill_condition(program_.conditions, rule.condition, block, work.flags.data(),
                     work.conditions);
      applies = work.flags.data();
    }
    const auto locate = [&] { fill_linear(rule.location, block, location); };
    const auto uniforms = [&] {
      if (rule.latent >= 0) {
        const double* z = column(rule.latent);
        for (std::size_t i = 0; i < n; ++i) draw[i] = portable::normal_cdf(z[i]);
      } else {
        source.uniform(stream, n, draw);
      }
    };
    const auto normals = [&] {
      if (rule.latent >= 0) {
        const double* z = column(rule.latent);
        for (std::size_t i = 0; i < n; ++i) draw[i] = z[i];
      } else {
        source.normal(stream, n, draw);
      }
      if (rule.score >= 0 && needed_[static_cast<std::size_t>(rule.score)]) {
        double* score = column(rule.score);
        for (std::size_t i = 0; i < n; ++i) score[i] = draw[i];
      }
    };
    // A flag is true for small uniforms; in a copula it is true where its latent normal is high.
    const auto flag_uniforms = [&] {
      if (rule.latent >= 0) {
        const double* z = column(rule.latent);
        for (std::size_t i = 0; i < n; ++i) draw[i] = portable::normal_cdf(-z[i]);
      } else {
        uniforms();
      }
    };
    switch (rule.kind) {
      case ColumnKind::bernoulli:
        flag_uniforms();
        if (rule.location.terms.empty()) {
          const double p = rule.location.intercept;
          for (std::size_t i = 0; i < n; ++i) out[i] = draw[i] < p ? 1.0 : 0.0;
        } else {
          locate();
          for (std::size_t i = 0; i < n; ++i) out[i] = draw[i] < location[i] ? 1.0 : 0.0;
        }
        break;
      case ColumnKind::bernoulli_logit:
        flag_uniforms();
        locate();
        fill_logistic_flags(draw, location, n, out);
        break;
      case ColumnKind::categorical:
        uniforms();
        for (std::size_t i = 0; i < n; ++i) out[i] = category(rule.weights, draw[i]);
        break;
      case ColumnKind::pattern:
        uniforms();
        // Subsets are numbered from 1: bit j says that member j belongs to it.
        for (std::size_t i = 0; i < n; ++i) out[i] = category(rule.weights, draw[i]) + 1.0;
        break;
      case ColumnKind::pattern_member: {
        const double* subset = column(rule.operands[0]);
        const auto bit = static_cast<unsigned>(rule.low);
        for (std::size_t i = 0; i < n; ++i) {
          out[i] = static_cast<double>((static_cast<unsigned>(subset[i]) >> bit) & 1U);
        }
        break;
      }
      case ColumnKind::normal:
      case ColumnKind::copula_normal:
        normals();
        if (rule.kind == ColumnKind::copula_normal) {
          const CopulaGroup& group = program_.copulas[static_cast<std::size_t>(rule.copula)];
          // The factor mixes independent draws of this row and of the rows before it.
          const auto row = static_cast<std::size_t>(rule.copula_row);
          const double* factor = group.cholesky.data() + row * (row + 1) / 2;
          for (std::size_t i = 0; i < n; ++i) out[i] = factor[row] * draw[i];
          for (std::size_t k = 0; k < row; ++k) {
            source.normal(StreamName::from_hash(group.streams[k]), n, draw);
            for (std::size_t i = 0; i < n; ++i) out[i] += factor[k] * draw[i];
          }
        } else {
          locate();
          for (std::size_t i = 0; i < n; ++i) out[i] = location[i] + rule.spread * draw[i];
        }
        break;
      case ColumnKind::log_normal:
        normals();
        locate();
        for (std::size_t i = 0; i < n; ++i) out[i] = location[i] + rule.spread * draw[i];
        exponentiate(out, n);
        break;
      case ColumnKind::truncated_normal:
        uniforms();
        if (rule.location.terms.empty()) {
          const TruncatedNormalDistribution law({rule.location.intercept, rule.spread}, rule.low,
                                                rule.high);
          for (std::size_t i = 0; i < n; ++i) out[i] = law.quantile(draw[i]);
        } else {
          locate();
          for (std::size_t i = 0; i < n; ++i) {
            out[i] = TruncatedNormalDistribution({location[i], rule.spread}, rule.low, rule.high)
                         .quantile(draw[i]);
          }
        }
        break;
      case ColumnKind::gamma:
        normals();
        prepared_->tables[r]->values(draw, n, out);
        locate();
        for (std::size_t i = 0; i < n; ++i) out[i] *= location[i];
        break;
      case ColumnKind::beta: {
        uniforms();
        const BetaDistribution law{rule.low, rule.high};
        for (std::size_t i = 0; i < n; ++i) out[i] = law.quantile(draw[i]);
        break;
      }
      case ColumnKind::uniform:
        uniforms();
        for (std::size_t i = 0; i < n; ++i) out[i] = rule.low + (rule.high - rule.low) * draw[i];
        break;
      case ColumnKind::poisson:
        uniforms();
        locate();
        for (const std::int32_t times : rule.operands) {
          const double* factor = column(times);
          for (std::size_t i = 0; i < n; ++i) location[i] *= factor[i];
        }
        for (std::size_t i = 0; i < n; ++i) {
          const double mean = location[i];
          const bool wanted = mean > 0 && (applies == nullptr || applies[i] != 0);
          out[i] = wanted ? static_cast<double>(PoissonDistribution(mean).quantile(draw[i])) : 0.0;
        }
        break;
      case ColumnKind::constant:
        for (std::size_t i = 0; i < n; ++i) out[i] = rule.location.intercept;
        break;
      case ColumnKind::linear:
        fill_linear(rule.location, block, out);
        break;
      case ColumnKind::sum:
        std::fill_n(out, n, 0.0);
        for (const std::int32_t operand : rule.operands) {
          const double* x = column(operand);
          for (std::size_t i = 0; i < n; ++i) out[i] += x[i];
        }
        break;
      case ColumnKind::product:
        std::fill_n(out, n, 1.0);
        for (const std::int32_t operand : rule.operands) {
          const double* x = column(operand);
          for (std::size_t i = 0; i < n; ++i) out[i] *= x[i];
        }
        break;
      case ColumnKind::log10: {
        const double* x = column(rule.operands[0]);
        for (std::size_t i = 0; i < n; ++i)
          out[i] = x[i] > 0 ? portable::log(x[i]) * log10_of_e : 0.0;
        break;
      }
      case ColumnKind::standardised:
        break;  // filled by the rule of its operand
      case ColumnKind::condition:
        fill_condition(program_.conditions, rule.condition, block, out, work.conditions);
        break;
      case ColumnKind::resample: {
        // One row of the table for all resampled columns of a patient.
        source.uniform(StreamName::from_hash(program_.resample_stream), n, draw);
        const auto& from = program_.resample->columns[static_cast<std::size_t>(rule.operands[0])];
        const double rows = static_cast<double>(program_.resample->rows);
        for (std::size_t i = 0; i < n; ++i) out[i] = from[static_cast<std::size_t>(draw[i] * rows)];
        break;
      }
      case ColumnKind::frailty_gamma:
      case ColumnKind::frailty_log_normal:
        source.normal(stream, n, out);
        break;
      case ColumnKind::frailty_stable: {
        const PositiveStableDistribution law{rule.spread};
        for (std::size_t i = 0; i < n; ++i) {
          out[i] = law.log_value(PatientDraws(source.key, source.patient(i))
                                     .uniform_pair(stream, source.occurrence()));
        }
        break;
      }
      case ColumnKind::frailty_log: {
        const ColumnRule& frailty = program_.rules[static_cast<std::size_t>(rule.operands[0])];
        const double* score = column(rule.operands[0]);
        if (frailty.kind == ColumnKind::frailty_gamma) {
          prepared_->tables[r]->log_values(score, n, out);
        } else if (frailty.kind == ColumnKind::frailty_log_normal) {
          for (std::size_t i = 0; i < n; ++i) out[i] = frailty.spread * score[i];
        } else {
          for (std::size_t i = 0; i < n; ++i) out[i] = score[i];
        }
        break;
      }
    }
    if (rule.plus != 0) {
      for (std::size_t i = 0; i < n; ++i) out[i] += rule.plus;
    }
    if (applies != nullptr) {
      for (std::size_t i = 0; i < n; ++i) out[i] = applies[i] != 0 ? out[i] : rule.otherwise;
    }
  }
}

std::uint64_t PatientSampler::draw(DrawKey key, std::uint32_t first, std::size_t n, double* columns,
                                   Workspace& work) const {
  fill(RangeSource{key, first}, n, columns, n, work);
  std::uint64_t candidates = n;
  if (program_.eligible < 0) return candidates;

  const std::size_t count = program_.columns.size();
  const auto eligible = [&](const double* block, std::size_t stride, std::size_t i) {
    return program_.conditions.holds(program_.eligible, [&](const Variable& variable) {
      return block[static_cast<std::size_t>(variable.index) * stride + i];
    });
  };
  work.patients.clear();
  for (std::size_t i = 0; i < n; ++i) {
    if (!eligible(columns, n, i)) work.patients.push_back(first + static_cast<std::uint32_t>(i));
  }
  for (std::uint32_t attempt = 1; !work.patients.empty(); ++attempt) {
    if (attempt == most_candidates) return 0;
    const std::size_t m = work.patients.size();
    candidates += m;
    work.candidates.resize(count * m);
    fill(ListSource{key, work.patients, attempt}, m, work.candidates.data(), m, work);
    work.waiting.clear();
    for (std::size_t j = 0; j < m; ++j) {
      if (!eligible(work.candidates.data(), m, j)) {
        work.waiting.push_back(work.patients[j]);
        continue;
      }
      const std::size_t i = work.patients[j] - first;
      for (std::size_t c = 0; c < count; ++c) columns[c * n + i] = work.candidates[c * m + j];
    }
    work.patients.swap(work.waiting);
  }
  return candidates;
}

}  // namespace npcsim
