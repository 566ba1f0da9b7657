// Contracts guard against our own mistakes, never against a user's: a user must not be able to
// break one.
#pragma once

#include <stdexcept>
#include <string>

namespace npcsim {

/// Thrown by a broken contract; the program ends with exit code 70 and asks for a report.
class ContractViolation : public std::logic_error {
 public:
  ContractViolation(const char* expression, const char* file, int line)
      : std::logic_error(std::string(file) + ":" + std::to_string(line) +
                         ": broken contract: " + expression) {}
};

}  // namespace npcsim

#if defined(NPCSIM_CONTRACTS)
#define NPCSIM_EXPECTS(condition)                                                        \
  do {                                                                                   \
    if (!(condition)) throw ::npcsim::ContractViolation(#condition, __FILE__, __LINE__); \
  } while (false)
#else
#define NPCSIM_EXPECTS(condition) static_cast<void>(0)
#endif
#define NPCSIM_ENSURES(condition) NPCSIM_EXPECTS(condition)
