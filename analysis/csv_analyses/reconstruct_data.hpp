// Published curves in CSV files turned into individual records: what npcsim reconstruct does.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/csv_analyses/analysis_json.hpp>
#include <npcsim/reconstruction/assess.hpp>
#include <npcsim/reconstruction/two_arms.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// One arm as it was asked for.
struct ReconstructArm {
  std::string curve_path;    ///< columns time, survival (0..1, or per cent)
  std::string at_risk_path;  ///< columns time, at_risk
  std::string ticks_path;    ///< column time; empty: no marks
  std::optional<std::int32_t> events;
  std::optional<Rounded> median;
  std::vector<Landmark> landmarks;
};

struct ReconstructRequest {
  std::vector<ReconstructArm> arms;  ///< one or two
  std::optional<PublishedRatio> ratio;
  bool guyot = false;
  ReconstructionOptions options;
};

struct ReconstructOutput : AnalysisOutput {
  std::string records_csv;  ///< time,event and arm, draw if there is more than one
  std::string page_html;    ///< clicks over the curve, at-risk table compared; complete in itself
};

/// A number as printed, with half a unit of its last digit: "10.2" is 10.2 give or take 0.05.
/// Nothing if it is not a number that is written in decimals.
std::optional<Rounded> read_rounded(std::string_view text);

/// Reads the files and reconstructs. Nothing, and errors with their places, if the files do not
/// hold a curve and a table. Throws FileError (cannot_read).
std::optional<ReconstructOutput> reconstruct_data(const ReconstructRequest& request,
                                                  std::string_view version,
                                                  Diagnostics& diagnostics);

}  // namespace npcsim
