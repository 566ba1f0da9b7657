// risk_classes.csv, /risk_classes of results.h5, and the rows back from the latter.
#include <npcsim/results/detail/stored_tables.hpp>
#include <npcsim/results/risk_classes.hpp>

#include <limits>

namespace npcsim {

namespace {

// Shows all cells of a row to an archive, in the order of the columns: one list for both ways.
template <class Row, class Archive>
void visit(Row& row, Archive&& archive) {
  archive.text("system", "id of the risk system", row.system);
  archive.text("system_title", "what it divides patients by", row.system_title);
  archive.text("class", "flag of the class", row.risk_class);
  archive.text("label", "name of the class in print", row.label);
  archive.text("words", "who is in the class", row.words);
  archive.text("subgroup", "the class in summary.csv, name=level", row.subgroup);
  archive.number("share", "share", "of the simulated patients, those in the class", row.share);
  archive.text("figure", "id of the published figure", row.figure);
  archive.text("study", "id of the published study", row.study);
  archive.text("arm", "whose figure, as printed; of a ratio, what is divided", row.arm);
  archive.text("against", "of a ratio, what it is divided by", row.against);
  archive.flag("arm_is_class", "yes: the arm is the class itself", row.arm_is_class);
  archive.text("endpoint", "OS or PFS", row.endpoint);
  archive.text("statistic", "what the figure is", row.statistic);
  archive.number("at_months", "months", "the time that the figure refers to; empty if none",
                 row.at_months);
  archive.text("unit", "unit of published and simulated numbers", row.unit);
  archive.text("printed_as", "how the published value is to be read", row.printed_as);
  archive.number("published", "see unit", "as printed; a bound where printed_as says so",
                 row.published);
  archive.number("published_low", "see unit", "lower end of the printed interval or range",
                 row.published_low);
  archive.number("published_high", "see unit", "upper end of the printed interval or range",
                 row.published_high);
  archive.number("published_level", "share", "level of the printed interval", row.published_level);
  archive.number("n", "count", "published patients behind this value", row.n);
  archive.number("cohort", "count", "published patients in all classes together", row.cohort);
  archive.flag("chosen", "yes: treatment was chosen, not assigned", row.chosen);
  archive.text("source", "citation keys separated by spaces", row.source);
  archive.text("reference", "the same in full, separated by |", row.reference);
  archive.text("quoted_in", "the review that it was read in; empty: the paper itself",
               row.quoted_in);
  archive.text("review", "the same in full", row.review);
  archive.text("place", "table, figure or section", row.place);
  archive.text("doubt", "what is wrong or unclear in print", row.doubt);
  archive.text("strategy", "the strategy of the simulated figure", row.strategy);
  archive.text("versus", "of a ratio between strategies, the other one", row.versus);
  archive.number("simulated", "see unit", "the same figure in this run", row.simulated);
  archive.number("se", "see unit", "its Monte Carlo standard error", row.se);
  archive.number("lo95", "see unit", "lower limit of its 95 % interval", row.lo95);
  archive.number("hi95", "see unit", "upper limit of its 95 % interval", row.hi95);
  archive.text("reason", "why nothing is simulated", row.reason);
}

// Adds the cells of one row; the first row makes the columns.
class Writer {
 public:
  Writer(Table& table, bool first) : table_(table), first_(first) {}
  void text(const char* name, const char* meaning, const std::string& value) {
    if (first_) table_.add_texts(name, meaning);
    std::get<Column::Texts>(next().cells).push_back(value);
  }
  void flag(const char* name, const char* meaning, bool value) {
    text(name, meaning, value ? "yes" : "no");
  }
  void number(const char* name, const char* unit, const char* meaning,
              const std::optional<double>& value) {
    if (first_) table_.add_numbers(name, unit, meaning);
    std::get<Column::Numbers>(next().cells)
        .push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
  }

 private:
  Column& next() { return table_.columns[column_++]; }

  Table& table_;
  bool first_;
  std::size_t column_ = 0;
};

// Fills one row; a column that the table does not have leaves its cell empty.
class Reader {
 public:
  Reader(const Table& table, std::size_t row) : table_(table), row_(row) {}
  void text(const char* name, const char* /*meaning*/, std::string& value) {
    const Column* column = table_.find(name);
    const auto* texts = column == nullptr ? nullptr : std::get_if<Column::Texts>(&column->cells);
    if (texts != nullptr) value = (*texts)[row_];
  }
  void flag(const char* name, const char* meaning, bool& value) {
    std::string word;
    text(name, meaning, word);
    value = word == "yes";
  }
  void number(const char* name, const char* /*unit*/, const char* /*meaning*/,
              std::optional<double>& value) {
    const Column* column = table_.find(name);
    const auto* numbers =
        column == nullptr ? nullptr : std::get_if<Column::Numbers>(&column->cells);
    if (numbers == nullptr) return;
    const double number = (*numbers)[row_];
    if (number == number) value = number;
  }

 private:
  const Table& table_;
  std::size_t row_;
};

}  // namespace

Table risk_classes_table(const std::vector<RiskClassRow>& rows) {
  Table table;
  table.name = "risk_classes";
  for (std::size_t i = 0; i < rows.size(); ++i) visit(rows[i], Writer(table, i == 0));
  return table;
}

std::vector<RiskClassRow> risk_class_rows_of(const Table& table) {
  std::vector<RiskClassRow> rows(table.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) visit(rows[i], Reader(table, i));
  return rows;
}

}  // namespace npcsim
