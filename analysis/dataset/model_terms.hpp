// Covariates as a user writes them, as columns of a regression.
#pragma once

#include <npcsim/dataset/data_columns.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// One column inside a term: as it is, as a factor, or transformed.
struct TermPart {
  enum class Kind { plain, factor, log, log2, log10, sqrt, exp };
  std::string column;
  Kind kind = Kind::plain;
  std::string text;  ///< as written: "age", "factor(stage)", "log(bili)"
};

/// Product of its parts: "age", "factor(stage)", "age:sex".
struct ModelTerm {
  std::string text;
  std::vector<TermPart> parts;
};

/// Splits "age,factor(stage),age:sex" at commas outside parentheses, without blanks around.
std::vector<std::string> split_list(const std::string& text);

/// Reads terms; "a*b" is a, b and a:b; a term that appears twice counts once. Nothing, and errors,
/// when a column is missing or the text makes no sense. `asked_by` is the option, for messages.
std::optional<std::vector<ModelTerm>> parse_terms(const std::vector<std::string>& texts,
                                                  const DataFile& file, std::string_view asked_by,
                                                  Diagnostics& diagnostics);

/// Columns of a regression, one coefficient each.
struct DesignMatrix {
  std::vector<std::string> names;            ///< [column] as R names them: "age", "sexmale"
  std::vector<std::size_t> term;             ///< [column] index of its term
  std::vector<std::vector<double>> columns;  ///< [column][row], finite
};

/// How terms become columns; made from one table, it codes others in the same way.
///
/// Texts and factor(x) become treatment contrasts: the first level (numbers in their own order,
/// texts in the order of their bytes) is the reference, every other level a column of 0 and 1
/// (Chambers & Hastie, Statistical Models in S, 1992, chapter 2).
class DesignRecipe {
 public:
  /// Levels are those of the given rows. Nothing, and errors, when a number is infinite, a
  /// logarithm is asked of a number that is not above 0, a column is constant, or an interaction
  /// has a factor without its main effects. \pre no cell that is used is missing in `rows`.
  static std::optional<DesignRecipe> make(const std::vector<ModelTerm>& terms,
                                          const std::vector<DataColumn>& columns,
                                          const std::vector<std::uint32_t>& rows,
                                          const DataFile& file, Diagnostics& diagnostics);

  /// The columns for these rows of this or another table. Nothing, and errors, when a level was not
  /// in the table that the recipe comes from.
  std::optional<DesignMatrix> apply(const std::vector<DataColumn>& columns,
                                    const std::vector<std::uint32_t>& rows, const DataFile& file,
                                    Diagnostics& diagnostics) const;

  const std::vector<ModelTerm>& terms() const { return terms_; }

 private:
  /// Coding of one part: numbers as they are when levels are empty.
  struct Coding {
    bool is_factor = false;
    std::vector<std::string> levels;
  };
  std::optional<std::vector<std::vector<double>>> part_columns(
      const TermPart& part, const Coding& coding, const std::vector<DataColumn>& columns,
      const std::vector<std::uint32_t>& rows, const DataFile& file, Diagnostics& diagnostics) const;

  std::vector<ModelTerm> terms_;
  std::vector<std::vector<Coding>> codings_;  // [term][part]
};

/// The column of this name among those that were read. \pre it is there.
const DataColumn& column_named(const std::vector<DataColumn>& columns, const std::string& name);

}  // namespace npcsim
