// The full history of one life, for replay, teaching and figures. The loop writes it only when
// asked.
#pragma once

#include <npcsim/model/program.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

struct JournalEntry {
  enum class Kind : std::uint8_t {
    diagnosis,   ///< value: state
    fired,       ///< index: process, detail: state entered
    documented,  ///< index: process or -1 (false alarm)
    begin,       ///< index: agent, detail: planned doses
    finish,      ///< index: agent, detail: doses given; value: 0 done, 1 stopped, 2 interrupted
    assessed,    ///< index: marker, detail: level
    toxicity,    ///< index: toxicity
    stopped,     ///< index: agent, detail: cause
    left,        ///< drop-out
    horizon,     ///< end of follow-up, alive
    reduced      ///< index: agent, detail: dose in per cent of the full one
  };
  double days = 0;
  Kind kind = Kind::diagnosis;
  std::int32_t index = -1;
  std::int32_t detail = -1;
  std::int32_t value = 0;
};

using Journal = std::vector<JournalEntry>;

/// One entry in words, "distant_progression: first_line -> distant_relapse".
std::string in_words(const JournalEntry& entry, const Program& program);

}  // namespace npcsim
