#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/population/attribute_block.hpp>

#include <algorithm>

namespace npcsim {
namespace {

NPCSIM_VECTOR_CLONES void add_term(const double* x, double coef, double centre, std::size_t n,
                                   double* out) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] += coef * (x[i] - centre);
}

NPCSIM_VECTOR_CLONES void in_range(const double* x, const ConditionNode& node, std::size_t n,
                                   double* out) noexcept {
  const double low = node.low;
  const double high = node.high;
  const bool above_low = node.above_low;
  const bool below_high = node.below_high;
  for (std::size_t i = 0; i < n; ++i) {
    const bool enough = above_low ? x[i] > low : x[i] >= low;
    const bool not_too_much = below_high ? x[i] < high : x[i] <= high;
    out[i] = enough && not_too_much ? 1.0 : 0.0;
  }
}

void among_levels(const double* x, std::uint64_t mask, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool known = x[i] >= 0 && x[i] <= 63;
    out[i] = known && ((mask >> static_cast<unsigned>(x[i])) & 1U) != 0 ? 1.0 : 0.0;
  }
}

NPCSIM_VECTOR_CLONES void both(const double* x, std::size_t n, double* out) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = out[i] * x[i];
}

NPCSIM_VECTOR_CLONES void either(const double* x, std::size_t n, double* out) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = x[i] > out[i] ? x[i] : out[i];
}

// `depth` results lie in the scratch memory already; this one becomes the next.
void evaluate(const ConditionPool& pool, std::int32_t root, const AttributeBlock& block,
              std::size_t depth, std::vector<double>& scratch) {
  const std::size_t n = block.count;
  if (scratch.size() < (depth + 1) * n) scratch.resize((depth + 1) * n);
  const auto result = [&] { return scratch.data() + depth * n; };
  if (root < 0) {
    std::fill_n(result(), n, 1.0);
    return;
  }
  const ConditionNode& node = pool.nodes()[static_cast<std::size_t>(root)];
  switch (node.kind) {
    case ConditionNode::Kind::range:
      in_range(block.column(node.variable.index), node, n, result());
      return;
    case ConditionNode::Kind::levels:
      among_levels(block.column(node.variable.index), node.level_mask, n, result());
      return;
    case ConditionNode::Kind::negation:
      evaluate(pool, node.first_child, block, depth, scratch);
      for (std::size_t i = 0; i < n; ++i) result()[i] = 1.0 - result()[i];
      return;
    case ConditionNode::Kind::all:
    case ConditionNode::Kind::any:
      break;
  }
  if (node.child_count == 0) std::fill_n(result(), n, 1.0);
  for (std::int32_t k = 0; k < node.child_count; ++k) {
    const bool first = k == 0;
    evaluate(pool, node.first_child + k, block, first ? depth : depth + 1, scratch);
    if (first) continue;
    const double* const next = scratch.data() + (depth + 1) * n;
    if (node.kind == ConditionNode::Kind::all) {
      both(next, n, result());
    } else {
      either(next, n, result());
    }
  }
}

}  // namespace

void fill_linear(const Linear& linear, const AttributeBlock& block, double* out) noexcept {
  std::fill_n(out, block.count, linear.intercept);
  for (const LinearTerm& term : linear.terms)
    add_term(block.column(term.column), term.coef, term.centre, block.count, out);
}

void fill_condition(const ConditionPool& pool, std::int32_t root, const AttributeBlock& block,
                    double* out, std::vector<double>& scratch) {
  evaluate(pool, root, block, 0, scratch);
  std::copy_n(scratch.data(), block.count, out);
}

NPCSIM_VECTOR_CLONES void fill_logistic_flags(const double* draws, const double* x, std::size_t n,
                                              double* out) noexcept {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = draws[i] < 1.0 / (1.0 + portable::exp(-x[i])) ? 1.0 : 0.0;
}

NPCSIM_VECTOR_CLONES void exponentiate(double* x, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) x[i] = portable::exp(x[i]);
}

}  // namespace npcsim
