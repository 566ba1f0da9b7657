// What stands at the top and at the end of every page: what it is, where it comes from, what is
// assumed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// A number with a 95 % interval, as far as they are known, in the unit of its row.
///
/// On all pages a number that is empty, NaN or infinite is not known or was not reached. An open
/// end of an interval (`low` known, `high` empty) is drawn up to the edge of the figure.
struct PageEstimate {
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
};

/// Where the page comes from: "model", "command", "seed", "values" and the like, shown in this
/// order. No two labels are the same.
struct PageFact {
  std::string label;
  std::string text;
};

/// A number of the model that rests on judgement and not on evidence.
struct PageAssumption {
  std::string name;
  std::optional<double> value;
  std::string unit;
  std::string meaning;
};

struct PageSource {
  std::string id;        ///< citation key
  std::string citation;  ///< authors, journal, year
  std::string link;      ///< an address that begins with https:// or http://; empty: none
};

struct PageHead {
  std::string title;       ///< \pre not empty
  std::string name;        ///< short, used in the names of downloaded files; empty: "report"
  std::string subtitle;    ///< one or two sentences; may be empty
  std::string disclaimer;  ///< empty: model projection, research and teaching, not medical advice
  /// What everything on the page must be read with, such as failed checks; shown at its top.
  std::vector<std::string> warnings;
  std::vector<PageFact> facts;
  std::vector<PageAssumption> assumed;
  std::vector<PageSource> sources;
  std::vector<std::string> notes;
};

}  // namespace npcsim
