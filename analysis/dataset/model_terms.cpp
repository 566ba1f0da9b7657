#include <npcsim/dataset/model_terms.hpp>
#include <npcsim/dataset/number_cell.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace npcsim {
namespace {

using Kind = TermPart::Kind;

constexpr int enough_errors = 10;

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> split_outside_parentheses(std::string_view text, char separator) {
  std::vector<std::string> out;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != separator || depth > 0)) continue;
    out.push_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return out;
}

struct NamedKind {
  std::string_view name;
  Kind kind;
};
constexpr std::array<NamedKind, 6> functions{{{"factor", Kind::factor},
                                              {"log", Kind::log},
                                              {"log2", Kind::log2},
                                              {"log10", Kind::log10},
                                              {"sqrt", Kind::sqrt},
                                              {"exp", Kind::exp}}};

std::optional<TermPart> parse_part(const std::string& text, const DataFile& file,
                                   std::string_view asked_by, Diagnostics& diagnostics) {
  TermPart part;
  part.text = text;
  part.column = text;
  if (!file.has(text) && !text.empty() && text.back() == ')') {
    const auto open = text.find('(');
    for (const NamedKind& function : functions) {
      if (open == std::string::npos || text.substr(0, open) != function.name) continue;
      part.kind = function.kind;
      part.column = trimmed(std::string_view(text).substr(open + 1, text.size() - open - 2));
    }
    if (part.kind == Kind::plain) {
      file.header_error("unknown function in '" + text + "' (" + std::string(asked_by) + ")",
                        "one of factor, log, log2, log10, sqrt, exp", diagnostics);
      return std::nullopt;
    }
  }
  if (!file.find(part.column, asked_by, diagnostics)) return std::nullopt;
  return part;
}

double transformed(Kind kind, double x) {
  switch (kind) {
    case Kind::log:
      return std::log(x);
    case Kind::log2:
      return std::log2(x);
    case Kind::log10:
      return std::log10(x);
    case Kind::sqrt:
      return std::sqrt(x);
    case Kind::exp:
      return std::exp(x);
    case Kind::plain:
    case Kind::factor:
      break;
  }
  return x;
}

// Beyond so many levels a column cannot be a covariate of groups; as_factor() gives nothing.
constexpr std::size_t most_values = std::size_t{1} << 20;

std::optional<Factor> levels_of(const TermPart& part, const DataColumn& column,
                                const DataFile& file, Diagnostics& diagnostics) {
  auto factor = as_factor(column, most_values);
  if (!factor) {
    file.header_error(
        column.index,
        "covariate '" + part.text + "' has more than " + std::to_string(most_values) + " levels",
        "without factor() its numbers act as they are", diagnostics);
  }
  return factor;
}

bool same_parts(const std::vector<TermPart>& a, const std::vector<TermPart>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&b](const TermPart& part) {
           return std::any_of(b.begin(), b.end(),
                              [&part](const TermPart& other) { return other.text == part.text; });
         });
}

}  // namespace

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> out = split_outside_parentheses(text, ',');
  out.erase(std::remove(out.begin(), out.end(), std::string()), out.end());
  return out;
}

std::optional<std::vector<ModelTerm>> parse_terms(const std::vector<std::string>& texts,
                                                  const DataFile& file, std::string_view asked_by,
                                                  Diagnostics& diagnostics) {
  std::vector<ModelTerm> out;
  bool fine = true;
  const auto add = [&out](ModelTerm term) {
    for (const ModelTerm& known : out) {
      if (same_parts(known.parts, term.parts)) return;
    }
    term.text.clear();
    for (const TermPart& part : term.parts) term.text += (term.text.empty() ? "" : ":") + part.text;
    out.push_back(std::move(term));
  };
  for (const std::string& text : texts) {
    const bool is_column = file.has(text);
    const auto factors =
        is_column ? std::vector<std::string>{text} : split_outside_parentheses(text, '*');
    ModelTerm product;
    for (const std::string& factor : factors) {
      ModelTerm term;
      const auto parts =
          is_column ? std::vector<std::string>{text} : split_outside_parentheses(factor, ':');
      for (const std::string& name : parts) {
        auto part = parse_part(name, file, asked_by, diagnostics);
        fine = fine && part.has_value();
        if (part) term.parts.push_back(std::move(*part));
      }
      product.parts.insert(product.parts.end(), term.parts.begin(), term.parts.end());
      if (fine) add(std::move(term));
    }
    if (fine && factors.size() > 1) add(std::move(product));
  }
  if (!fine) return std::nullopt;
  // Main effects first, as R orders the coefficients.
  std::stable_sort(out.begin(), out.end(), [](const ModelTerm& a, const ModelTerm& b) {
    return a.parts.size() < b.parts.size();
  });
  return out;
}

const DataColumn& column_named(const std::vector<DataColumn>& columns, const std::string& name) {
  return *std::find_if(columns.begin(), columns.end(),
                       [&name](const DataColumn& column) { return column.name == name; });
}

std::optional<DesignRecipe> DesignRecipe::make(const std::vector<ModelTerm>& terms,
                                               const std::vector<DataColumn>& columns,
                                               const std::vector<std::uint32_t>& rows,
                                               const DataFile& file, Diagnostics& diagnostics) {
  DesignRecipe out;
  out.terms_ = terms;
  bool fine = true;
  for (const ModelTerm& term : terms) {
    std::vector<Coding> codings;
    for (const TermPart& part : term.parts) {
      const DataColumn& column = column_named(columns, part.column);
      Coding coding;
      coding.is_factor = column.is_text || part.kind == Kind::factor;
      if (column.is_text && part.kind != Kind::factor && part.kind != Kind::plain) {
        file.header_error(
            column.index, "'" + part.text + "' needs a column of numbers",
            "column '" + column.name + "' holds texts such as '" + column.levels[0] + "'",
            diagnostics);
        return std::nullopt;
      }
      if (coding.is_factor) {
        const auto factor = levels_of(part, column, file, diagnostics);
        if (!factor) return std::nullopt;
        std::vector<char> used(factor->levels.size(), 0);
        for (const std::uint32_t row : rows) {
          used[static_cast<std::size_t>(factor->codes[row])] = 1;
        }
        for (std::size_t level = 0; level < used.size(); ++level) {
          if (used[level] != 0) coding.levels.push_back(factor->levels[level]);
        }
        constexpr std::size_t most_levels = 1000;
        if (coding.levels.size() > most_levels) {
          file.header_error(column.index,
                            "covariate '" + part.text + "' has " +
                                std::to_string(coding.levels.size()) + " levels",
                            column.is_text ? "is this a column of numbers with texts in it?" : "",
                            diagnostics);
          return std::nullopt;
        }
        // A factor in an interaction is coded by contrasts only if the term without it is there.
        if (term.parts.size() > 1) {
          std::vector<TermPart> rest;
          for (const TermPart& other : term.parts) {
            if (other.text != part.text) rest.push_back(other);
          }
          const bool there = std::any_of(terms.begin(), terms.end(), [&rest](const ModelTerm& t) {
            return same_parts(t.parts, rest);
          });
          if (!there) {
            file.header_error(column.index,
                              "the interaction '" + term.text + "' needs its main effects",
                              "add them, or write '*' for ':'", diagnostics);
            return std::nullopt;
          }
        }
      }
      codings.push_back(std::move(coding));
    }
    out.codings_.push_back(std::move(codings));
  }
  const auto design = out.apply(columns, rows, file, diagnostics);
  if (!design) return std::nullopt;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    bool varies = false;
    for (std::size_t c = 0; c < design->columns.size(); ++c) {
      const auto& values = design->columns[c];
      if (design->term[c] != t || values.empty()) continue;
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      varies = varies || *low < *high;
    }
    if (varies || rows.empty()) continue;
    fine = false;
    const DataColumn& column = column_named(columns, terms[t].parts[0].column);
    file.header_error(column.index,
                      "covariate '" + terms[t].text + "' is the same in all rows that are used", "",
                      diagnostics);
  }
  if (!fine) return std::nullopt;
  return out;
}

namespace {

// Points at the cells that keep a column from being one of numbers.
void report_texts(const TermPart& part, const DataColumn& column,
                  const std::vector<std::uint32_t>& rows, const DataFile& file,
                  Diagnostics& diagnostics) {
  int errors = 0;
  for (const std::uint32_t row : rows) {
    if (column.missing(row) || errors == enough_errors) continue;
    const std::string& text = column.levels[static_cast<std::size_t>(column.codes[row])];
    double number = 0;
    if (whole_number_cell(text, number)) continue;
    ++errors;
    file.error(row, column.index, "'" + part.text + "' must be a number, found '" + text + "'",
               "the data that were fitted hold numbers", diagnostics);
  }
}

}  // namespace

std::optional<std::vector<std::vector<double>>> DesignRecipe::part_columns(
    const TermPart& part, const Coding& coding, const std::vector<DataColumn>& columns,
    const std::vector<std::uint32_t>& rows, const DataFile& file, Diagnostics& diagnostics) const {
  const DataColumn& column = column_named(columns, part.column);
  std::vector<std::vector<double>> out;
  int errors = 0;
  if (!coding.is_factor) {
    if (column.is_text) {
      report_texts(part, column, rows, file, diagnostics);
      return std::nullopt;
    }
    std::vector<double> values(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double x = column.numbers[rows[i]];
      values[i] = transformed(part.kind, x);
      if (std::isfinite(values[i]) || errors == enough_errors) continue;
      ++errors;
      file.error(rows[i], column.index, "'" + part.text + "' is not finite here",
                 "leave the cell empty if the value is missing", diagnostics);
    }
    if (errors > 0) return std::nullopt;
    out.push_back(std::move(values));
    return out;
  }
  const auto factor = levels_of(part, column, file, diagnostics);
  if (!factor) return std::nullopt;
  std::vector<std::size_t> place(factor->levels.size());
  for (std::size_t level = 0; level < factor->levels.size(); ++level) {
    const auto found = std::find(coding.levels.begin(), coding.levels.end(), factor->levels[level]);
    place[level] = static_cast<std::size_t>(found - coding.levels.begin());
  }
  out.assign(coding.levels.empty() ? 0 : coding.levels.size() - 1,
             std::vector<double>(rows.size(), 0.0));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto code = static_cast<std::size_t>(factor->codes[rows[i]]);
    const std::size_t level = place[code];
    if (level == coding.levels.size()) {
      if (++errors > enough_errors) break;
      file.error(rows[i], column.index,
                 "'" + factor->levels[code] + "' is no level of '" + part.column +
                     "' in the data that were fitted",
                 suggestion(factor->levels[code], coding.levels), diagnostics);
    } else if (level > 0) {
      out[level - 1][i] = 1.0;
    }
  }
  if (errors > 0) return std::nullopt;
  return out;
}

std::optional<DesignMatrix> DesignRecipe::apply(const std::vector<DataColumn>& columns,
                                                const std::vector<std::uint32_t>& rows,
                                                const DataFile& file,
                                                Diagnostics& diagnostics) const {
  DesignMatrix out;
  bool fine = true;
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    // Products of all columns of the parts; the first part's levels run fastest, as in R.
    std::vector<std::string> names{""};
    std::vector<std::vector<double>> values{{}};
    for (std::size_t p = 0; p < terms_[t].parts.size(); ++p) {
      const TermPart& part = terms_[t].parts[p];
      const Coding& coding = codings_[t][p];
      const auto own = part_columns(part, coding, columns, rows, file, diagnostics);
      if (!own) {
        fine = false;
        break;
      }
      std::vector<std::string> next_names;
      std::vector<std::vector<double>> next_values;
      for (std::size_t c = 0; c < own->size(); ++c) {
        const std::string name = coding.is_factor ? part.text + coding.levels[c + 1] : part.text;
        for (std::size_t b = 0; b < names.size(); ++b) {
          next_names.push_back(p == 0 ? name : names[b] + ":" + name);
          std::vector<double> product = (*own)[c];
          if (p > 0) {
            for (std::size_t i = 0; i < product.size(); ++i) product[i] *= values[b][i];
          }
          next_values.push_back(std::move(product));
        }
      }
      names = std::move(next_names);
      values = std::move(next_values);
    }
    if (!fine) continue;
    for (std::size_t c = 0; c < names.size(); ++c) {
      out.names.push_back(std::move(names[c]));
      out.term.push_back(t);
      out.columns.push_back(std::move(values[c]));
    }
  }
  if (!fine) return std::nullopt;
  return out;
}

}  // namespace npcsim
