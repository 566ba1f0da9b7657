// `draws` of a study: at how many other values of the parameters it is run again.
#pragma once

#include <npcsim/base/binder.hpp>

#include <cstdint>
#include <string>

namespace npcsim {

struct DrawsDoc {
  /// Most draws of a study; the figures and parameters of all of them are kept in memory.
  static constexpr double most = 100'000;

  bool given = false;
  std::int64_t count = 0;  ///< 0: as many as the file has rows
  Name from;               ///< `prior`, or a CSV file
  /// Parameters that the file has no column for are drawn from their priors; else they keep their
  /// values.
  bool others_from_prior = false;
  bool fresh = false;  ///< other patients in each draw; else the same in all
  SourcePlace place;
  SourcePlace count_place;

  bool from_prior() const { return from.text == "prior"; }
};

void bind(Binder& binder, DrawsDoc& out);

}  // namespace npcsim
