// This file is compiled with a link to the room base alone.
#ifdef NPCSIM_WRONG
#include <npcsim/random/stream.hpp>
#else
#include <npcsim/base/units.hpp>
#endif
