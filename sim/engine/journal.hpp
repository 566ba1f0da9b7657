// The full history of one life, for replay, teaching and figures. The loop writes it only when
// asked.
#pragma once

#include <npcsim/model/program.hpp>

#include <cstddef>
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
    finish,      ///< index: agent, detail: doses given since diagnosis; value: 0 done, 1 stopped,
                 ///< 2 interrupted, also by death from it
    assessed,    ///< index: marker, detail: level
    toxicity,    ///< index: toxicity, its first time; detail: state entered if it killed, else -1
    stopped,     ///< index: agent, detail: cause
    left,        ///< drop-out
    horizon,     ///< end of follow-up, alive
    reduced,     ///< index: agent, detail: dose in per cent of the full one
    held  ///< when the dose was due; index: agent, detail: number of the dose since diagnosis,
          ///< value: days, rounded
  };
  double days = 0;
  Kind kind = Kind::diagnosis;
  std::int32_t index = -1;
  std::int32_t detail = -1;
  std::int32_t value = 0;
};

/// In the order of time.
using Journal = std::vector<JournalEntry>;

/// Puts an entry behind all that come no later.
void insert(Journal& journal, const JournalEntry& entry);

/// Doses of one course that were held.
struct HeldDose {
  std::int32_t dose = 0;  ///< since diagnosis, from 1
  std::int32_t days = 0;  ///< all delays of it together
};

/// Those of the course that ends with this entry of the journal, in their order.
std::vector<HeldDose> held_doses(const Journal& journal, std::size_t finish);

/// One entry in words, "distant_progression: first_line -> distant_relapse".
std::string in_words(const JournalEntry& entry, const Program& program);

}  // namespace npcsim
