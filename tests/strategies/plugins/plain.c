/* A plugin in plain C, and what is left of it when something is missing. */
#include <stddef.h>
#include <string.h>

#include <npcsim/strategies/plugin_api.h>

#if !defined(VERSION)
#define VERSION npcsim_plugin_api_version
#endif

#if !defined(CYCLES)
#define CYCLES 3
#endif

#if !defined(REFUSES)
static int32_t pd1[npcsim_most_agents];
#endif

uint32_t npcsim_plugin_version(void) { return VERSION; }

void* npcsim_plugin_create(const npcsim_host* host) {
#if defined(REFUSES)
  (void)host;
  return NULL;
#else
  return host->agents(host->context, "pd1", pd1) == 1 ? pd1 : NULL;
#endif
}

#if !defined(NO_DECIDE)
void npcsim_plugin_decide(const void* self, const npcsim_view* view, void* memory, npcsim_decision* decision) {
  const int32_t* agents = (const int32_t*)self;
  unsigned char* asked = (unsigned char*)memory;
  /* The memory is the patient's: it has counted exactly the earlier calls of this life. */
  if ((view->trigger == npcsim_trigger_start) != (asked[63] == 0)) {
    decision->failed = 1;
    memcpy(decision->message, "memory is not the patient's own", 32);
    return;
  }
  ++asked[63];
  if (view->trigger != npcsim_trigger_start) return;
  decision->count = 1;
  decision->actions[0].kind = npcsim_action_give;
  decision->actions[0].agent_count = 1;
  decision->actions[0].agents[0] = agents[0];
  decision->actions[0].cycles[0] = CYCLES;
}
#endif

void npcsim_plugin_destroy(void* self) { (void)self; }
