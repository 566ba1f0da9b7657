#include <npcsim/dataset/model_frame.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace npcsim {

// Rows by rows_, columns by parts.
class FrameBuilder {
 public:
  FrameBuilder(const StudyData& data, const FrameParts& parts, const DataFile& file,
               Diagnostics& diagnostics)
      : data_(data), parts_(parts), file_(file), diagnostics_(diagnostics) {}

  std::optional<ModelFrame> build() {
    keep_.assign(data_.rows, 1);
    select();
    for (std::size_t row = 0; row < data_.rows; ++row) {
      if (keep_[row] != 0) out_.rows_.push_back(static_cast<std::uint32_t>(row));
    }
    if (out_.rows_.empty()) {
      std::string words;
      for (const std::string& text : out_.warnings()) words += (words.empty() ? "" : "; ") + text;
      file_.header_error("no row is left: every row has a missing value", words, diagnostics_);
      return std::nullopt;
    }
    // No vector may move once a view points into it.
    out_.own_numbers_.reserve(8);
    out_.own_codes_.reserve(8);
    fill();
    if (parts_.covariates && !data_.terms.empty()) {
      out_.recipe_ =
          DesignRecipe::make(data_.terms, data_.columns, out_.rows_, file_, diagnostics_);
      if (!out_.recipe_) return std::nullopt;
      auto design = out_.recipe_->apply(data_.columns, out_.rows_, file_, diagnostics_);
      if (!design) return std::nullopt;
      out_.design_ = std::move(*design);
    }
    return std::move(out_);
  }

 private:
  template <typename LeaveOut>
  void leave_out(const std::string& name, std::string_view reason, LeaveOut leave) {
    constexpr std::size_t most_lines = 5;
    LeftOut found;
    found.column = name;
    found.reason = reason;
    for (std::size_t row = 0; row < data_.rows; ++row) {
      if (keep_[row] == 0 || !leave(row)) continue;
      keep_[row] = 0;
      ++found.rows;
      if (found.lines.size() < most_lines) found.lines.push_back(file_.line(row));
    }
    if (found.rows > 0) out_.left_out_.push_back(std::move(found));
  }

  void leave_out_missing(const std::string& name) {
    const DataColumn& column = data_.column(name);
    leave_out(name, "is missing", [&column](std::size_t row) { return column.missing(row); });
  }

  void select() {
    const DataRoles& roles = data_.roles;
    const bool censoring_known_by_upper = roles.event.empty();
    // Without an event column an interval may be open to the left: it begins at 0.
    if (roles.upper.empty() || !censoring_known_by_upper) leave_out_missing(roles.time);
    if (censoring_known_by_upper && !roles.upper.empty()) {
      const DataColumn& time = data_.column(roles.time);
      const DataColumn& upper = data_.column(roles.upper);
      leave_out(roles.time, "is missing",
                [&](std::size_t row) { return time.missing(row) && upper.missing(row); });
    }
    const auto& codes = parts_.causes ? data_.codes.cause : data_.codes.event;
    if (!roles.event.empty()) {
      leave_out(data_.event_column, "is missing",
                [&codes](std::size_t row) { return codes[row] < 0; });
    }
    if (!roles.entry.empty()) leave_out_missing(roles.entry);
    if (!roles.weights.empty()) {
      leave_out_missing(roles.weights);
      const DataColumn& weights = data_.column(roles.weights);
      leave_out(roles.weights, "is 0",
                [&weights](std::size_t row) { return !(weights.numbers[row] > 0); });
    }
    if (parts_.group && !roles.group.empty()) leave_out_missing(roles.group);
    if (parts_.strata) {
      for (const std::string& name : roles.strata) leave_out_missing(name);
    }
    if (parts_.cluster && !roles.cluster.empty()) leave_out_missing(roles.cluster);
    if (parts_.covariates) {
      for (const ModelTerm& term : data_.terms) {
        for (const TermPart& part : term.parts) leave_out_missing(part.column);
      }
    }
    for (const std::string& name : parts_.others) leave_out_missing(name);
  }

  bool all_rows() const { return out_.rows_.size() == data_.rows; }

  std::span<const double> numbers(const std::vector<double>& from) {
    if (all_rows()) return from;
    std::vector<double> chosen;
    chosen.reserve(out_.rows_.size());
    for (const std::uint32_t row : out_.rows_) chosen.push_back(from[row]);
    out_.own_numbers_.push_back(std::move(chosen));
    return out_.own_numbers_.back();
  }

  std::span<const std::int32_t> codes(const std::vector<std::int32_t>& from) {
    if (all_rows()) return from;
    std::vector<std::int32_t> chosen;
    chosen.reserve(out_.rows_.size());
    for (const std::uint32_t row : out_.rows_) chosen.push_back(from[row]);
    out_.own_codes_.push_back(std::move(chosen));
    return out_.own_codes_.back();
  }

  // Codes of the levels that some row still has.
  std::span<const std::int32_t> levels(const Factor& factor, std::vector<std::string>& names) {
    std::vector<std::int32_t> rank(factor.levels.size(), -1);
    for (const std::uint32_t row : out_.rows_)
      rank[static_cast<std::size_t>(factor.codes[row])] = 0;
    for (std::size_t level = 0; level < rank.size(); ++level) {
      if (rank[level] < 0) continue;
      rank[level] = static_cast<std::int32_t>(names.size());
      names.push_back(factor.levels[level]);
    }
    if (names.size() == rank.size()) return codes(factor.codes);
    std::vector<std::int32_t> chosen;
    chosen.reserve(out_.rows_.size());
    for (const std::uint32_t row : out_.rows_) {
      chosen.push_back(rank[static_cast<std::size_t>(factor.codes[row])]);
    }
    out_.own_codes_.push_back(std::move(chosen));
    return out_.own_codes_.back();
  }

  void fill() {
    const DataRoles& roles = data_.roles;
    out_.time_ = numbers(data_.column(roles.time).numbers);
    if (!roles.event.empty()) {
      out_.event_ = codes(parts_.causes ? data_.codes.cause : data_.codes.event);
    }
    if (!roles.entry.empty()) out_.entry_ = numbers(data_.column(roles.entry).numbers);
    if (!roles.weights.empty()) out_.weight_ = numbers(data_.column(roles.weights).numbers);
    if (!roles.upper.empty()) intervals();
    if (parts_.group && data_.group) out_.group_ = levels(*data_.group, out_.group_names_);
    if (parts_.strata && data_.stratum) {
      out_.stratum_ = levels(*data_.stratum, out_.stratum_names_);
    }
    if (parts_.cluster && data_.cluster) {
      std::vector<std::string> names;
      out_.cluster_ = levels(*data_.cluster, names);
      out_.clusters_ = names.size();
    }
    for (const std::string& name : parts_.others) {
      const std::vector<double>& all = data_.column(name).numbers;
      std::vector<double> chosen;
      for (const std::uint32_t row : out_.rows_) chosen.push_back(all[row]);
      out_.others_.push_back(std::move(chosen));
    }
  }

  void intervals() {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const std::vector<double>& all = data_.column(data_.roles.upper).numbers;
    const bool by_upper = data_.roles.event.empty();
    std::vector<double> lower(out_.time_.begin(), out_.time_.end());
    std::vector<double> upper(out_.rows_.size());
    std::vector<std::int32_t> event(out_.rows_.size());
    for (std::size_t i = 0; i < upper.size(); ++i) {
      const double given = all[out_.rows_[i]];
      if (std::isnan(lower[i])) lower[i] = 0;
      event[i] = by_upper ? (std::isnan(given) || std::isinf(given) ? 0 : 1) : out_.event_[i];
      upper[i] = event[i] == 0 ? infinite : std::isnan(given) ? lower[i] : given;
    }
    out_.own_numbers_.push_back(std::move(lower));
    out_.time_ = out_.own_numbers_.back();
    out_.own_numbers_.push_back(std::move(upper));
    out_.upper_ = out_.own_numbers_.back();
    if (by_upper) {
      out_.own_codes_.push_back(std::move(event));
      out_.event_ = out_.own_codes_.back();
    }
  }

  const StudyData& data_;
  const FrameParts& parts_;
  const DataFile& file_;
  Diagnostics& diagnostics_;
  std::vector<char> keep_;
  ModelFrame out_;
};

std::size_t ModelFrame::events() const {
  return static_cast<std::size_t>(
      std::count_if(event_.begin(), event_.end(), [](std::int32_t code) { return code > 0; }));
}

std::size_t ModelFrame::rows_left_out() const {
  std::size_t n = 0;
  for (const LeftOut& part : left_out_) n += part.rows;
  return n;
}

std::vector<std::string> ModelFrame::warnings() const {
  std::vector<std::string> out;
  for (const LeftOut& part : left_out_) {
    std::string text = std::to_string(part.rows) + (part.rows == 1 ? " row" : " rows") +
                       " left out: '" + part.column + "' " + part.reason +
                       (part.rows == 1 ? " (line " : " (lines ");
    for (std::size_t i = 0; i < part.lines.size(); ++i) {
      text += (i == 0 ? "" : ", ") + std::to_string(part.lines[i]);
    }
    text += part.rows > part.lines.size() ? ", ...)" : ")";
    out.push_back(std::move(text));
  }
  return out;
}

std::optional<ModelFrame> make_frame(const StudyData& data, const FrameParts& parts,
                                     const DataFile& file, Diagnostics& diagnostics) {
  return FrameBuilder(data, parts, file, diagnostics).build();
}

}  // namespace npcsim
