// Made-up data of the page of validate: no number here means anything.
#pragma once

#include <npcsim/report/validation_page.hpp>

namespace npcsim {

/// Four groups of 18 invented studies with figures of every measure, reading and use.
ValidationPageData demo_validation();

}  // namespace npcsim
