// Records of times to events, with their groups and covariates, from the columns of a data file.
#pragma once

#include <npcsim/dataset/event_rule.hpp>
#include <npcsim/dataset/model_terms.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// Which columns mean what; an empty text is "not given".
struct DataRoles {
  std::string time;      ///< end of follow-up
  std::string event;     ///< see EventRule
  std::string entry;     ///< start of follow-up (left truncation), below time
  std::string upper;     ///< right end of the interval in which the event happened
  std::string weights;   ///< case weights
  std::string group;     ///< what is compared
  std::string cluster;   ///< rows of one subject
  std::string censored;  ///< code of a censored row, where `event` does not say it
  std::vector<std::string> strata;
  std::vector<std::string> covariates;  ///< terms, see parse_terms
  std::vector<std::string> others;      ///< further columns of numbers, e.g. a marker
  bool events = true;                   ///< event or not is needed
  bool causes = false;                  ///< competing causes are needed
};

/// The columns that the roles name, read and checked row by row.
struct StudyData {
  DataRoles roles;
  std::vector<DataColumn> columns;  ///< that of the event without cells, unless it has another role
  std::vector<ModelTerm> terms;     ///< of the covariates
  std::string event_column;
  EventCodes codes;
  std::optional<Factor> group;
  std::optional<Factor> stratum;  ///< all strata columns together: "inst=3, sex=1"
  std::optional<Factor> cluster;
  std::size_t rows = 0;

  const DataColumn& column(const std::string& name) const { return column_named(columns, name); }
};

/// Reads everything that the roles name. Nothing, and errors with line and column, when a column is
/// missing or holds texts where numbers are needed, a time is negative or infinite, entry is not
/// below time, upper is below time, a weight is negative, or an event code is unknown.
std::optional<StudyData> read_study_data(DataFile& file, const DataRoles& roles,
                                         Diagnostics& diagnostics);

/// What one statistic uses; rows with a missing value in what it uses are left out.
struct FrameParts {
  bool group = false;
  bool strata = false;
  bool cluster = false;
  bool covariates = false;
  bool causes = false;  ///< `event` is the cause 0, 1, 2, ... instead of 0 and 1
  std::vector<std::string> others;
};

/// Rows that were left out because of one column.
struct LeftOut {
  std::string column;
  std::size_t rows = 0;
  std::vector<std::int32_t> lines;  ///< of the first few in the file
  std::string reason;               ///< "is missing", "is 0"
};

/// Records ready for statistics and fits. Moves, does not copy: its columns are views of its own
/// memory, or of the StudyData when every row is used.
class ModelFrame {
 public:
  ModelFrame(ModelFrame&&) noexcept = default;
  ModelFrame& operator=(ModelFrame&&) noexcept = default;
  ModelFrame(const ModelFrame&) = delete;
  ModelFrame& operator=(const ModelFrame&) = delete;

  /// Times in the unit of the file; with `upper`, lower ends of the intervals.
  std::span<const double> time() const { return time_; }
  std::span<const std::int32_t> event() const { return event_; }
  std::span<const double> entry() const { return entry_; }  ///< empty without --entry
  /// With --upper, the interval (time, upper] of every row: upper = time for an event seen at that
  /// time, infinite for a censored row. Empty without.
  std::span<const double> upper() const { return upper_; }
  std::span<const double> weight() const { return weight_; }  ///< empty without --weights
  std::span<const std::int32_t> group() const { return group_; }
  std::span<const std::int32_t> stratum() const { return stratum_; }
  std::span<const std::int32_t> cluster() const { return cluster_; }
  /// Further columns, in the order of FrameParts::others.
  const std::vector<std::vector<double>>& others() const { return others_; }
  const DesignMatrix& design() const { return design_; }
  /// How the covariates were coded, to code others in the same way.
  const std::optional<DesignRecipe>& recipe() const { return recipe_; }

  std::size_t rows() const { return rows_.size(); }
  /// Rows of the file, from 0.
  const std::vector<std::uint32_t>& file_rows() const { return rows_; }
  std::size_t events() const;  ///< rows with an event of any cause
  const std::vector<std::string>& group_names() const { return group_names_; }
  const std::vector<std::string>& stratum_names() const { return stratum_names_; }
  std::size_t clusters() const { return clusters_; }
  const std::vector<LeftOut>& left_out() const { return left_out_; }
  std::size_t rows_left_out() const;
  /// A sentence for each column because of which rows were left out, with the first lines.
  std::vector<std::string> warnings() const;

 private:
  friend class FrameBuilder;
  ModelFrame() = default;

  std::vector<std::uint32_t> rows_;
  std::span<const double> time_;
  std::span<const double> entry_;
  std::span<const double> upper_;
  std::span<const double> weight_;
  std::span<const std::int32_t> event_;
  std::span<const std::int32_t> group_;
  std::span<const std::int32_t> stratum_;
  std::span<const std::int32_t> cluster_;
  std::vector<std::vector<double>> own_numbers_;
  std::vector<std::vector<std::int32_t>> own_codes_;
  std::vector<std::vector<double>> others_;
  DesignMatrix design_;
  std::optional<DesignRecipe> recipe_;
  std::vector<std::string> group_names_;
  std::vector<std::string> stratum_names_;
  std::size_t clusters_ = 0;
  std::vector<LeftOut> left_out_;
};

/// Selects the rows and codes the covariates. Levels of groups and strata that no row has any more
/// are dropped. Nothing, and errors, when no row is left, or the design cannot be made. The data
/// must outlive the frame.
std::optional<ModelFrame> make_frame(const StudyData& data, const FrameParts& parts,
                                     const DataFile& file, Diagnostics& diagnostics);

}  // namespace npcsim
