/* The boundary between npcsim and a strategy in a shared library: plain C, plain data, versioned.
 *
 * A plugin exports the four functions at the end of this file and needs nothing else of npcsim. C++ authors
 * include plugin_sdk.hpp instead, which writes them.
 *
 * One plugin object serves all threads and patients, so deciding never changes it. What it remembers of a patient
 * lies in 64 bytes that are zero at the start of a life. What it may see of a patient is what a clinic knows. It
 * takes chance only by named draws of that patient, so that strategies compared on the same patients stay
 * comparable and any life can be replayed alone.
 */
#ifndef NPCSIM_STRATEGIES_PLUGIN_API_H_
#define NPCSIM_STRATEGIES_PLUGIN_API_H_

#include <stdint.h>

#ifdef __cplusplus
#define NPCSIM_PLUGIN_NOEXCEPT noexcept
extern "C" {
#else
#define NPCSIM_PLUGIN_NOEXCEPT
#endif

enum {
  /* Grows when a struct or a meaning below changes; a plugin of another version is refused. */
  npcsim_plugin_api_version = 1,

  npcsim_memory_bytes = 64, /* of one patient, aligned to 8 */
  npcsim_most_agents = 8,   /* in one action */
  npcsim_most_actions = 16, /* in one decision */
  npcsim_message_bytes = 240
};

/* Why the plugin is asked. */
enum {
  npcsim_trigger_start = 0,       /* the first dose is due */
  npcsim_trigger_course_done = 1, /* all agents of a `give` with this tag have ended */
  npcsim_trigger_assessed = 2,    /* the assessment with this tag is done and showed no progression */
  npcsim_trigger_progression = 3, /* progression number `tag` was documented; everything has been stopped */
  npcsim_trigger_wake = 4         /* the time that was asked for with this tag has come */
};

/* What a plugin can ask for. */
enum {
  npcsim_action_give = 0,
  npcsim_action_stop = 1,
  npcsim_action_assess = 2,
  npcsim_action_wake = 3
};

/* Cycles of an agent in an action: a positive number, or one of these. */
enum {
  npcsim_cycles_until_stopped = 0,
  npcsim_cycles_as_planned = -1 /* as the plan of the model has it */
};

/* What npcsim answers while a plugin is created, and not later. Texts are UTF-8 and end with a zero.
 *
 * A name that does not exist is reported to the user with its place in the strategy document; the function then
 * returns -1 (agents: 0) and the plugin goes on, so that all problems are reported at once. */
typedef struct npcsim_host {
  void* context; /* first argument of every function below */

  /* Agents of an agent or a regimen: their number, at most npcsim_most_agents, and their indices in `indices`. */
  int32_t (*agents)(void* context, const char* name, int32_t* indices);
  /* Index of a marker that can be assessed. */
  int32_t (*marker)(void* context, const char* name);
  /* Handle of a variable: any name that `when:` knows, such as "response", "liver", "months_since_platinum". */
  int32_t (*variable)(void* context, const char* name);
  /* Value that a variable takes at a level, such as "CR" of "response". */
  int32_t (*level)(void* context, int32_t variable, const char* level);
  /* Handle of a draw. It says what is drawn ("accepts ablation"), never the strategy: plugins that use the same
   * name for the same patient get the same number. The model's own draws are out of reach. */
  int32_t (*stream)(void* context, const char* name);
  /* 1 and the number in `value` if the document gives this setting, else 0. Settings nobody asks for are errors. */
  int32_t (*setting)(void* context, const char* name, double* value);
  /* Reports that the plugin cannot work, in words for the user. */
  void (*error)(void* context, const char* message);
} npcsim_host;

/* What is known of one patient at one decision; valid only during the call. */
typedef struct npcsim_view {
  const void* context; /* first argument of the functions below */
  double days;         /* since diagnosis; one month is 30.4375 days */
  int32_t trigger;
  int32_t tag;
  int32_t line; /* of treatment, 1 from the start */
  int32_t reserved;

  /* Value of a variable: a number, the position of a level (-1: not assessed yet), or 0 and 1 for no and yes. */
  double (*value)(const void* context, int32_t variable);
  /* The draw `occurrence` (below 2^24) of a stream: uniform, strictly between 0 and 1. */
  double (*uniform)(const void* context, int32_t stream, uint32_t occurrence);
} npcsim_view;

/* One thing to do. Fields that do not belong to its kind are ignored. */
typedef struct npcsim_action {
  int32_t kind;
  int32_t tag;                         /* comes back with course_done, assessed and wake */
  double delay_days;                   /* from now, 0 or more; of a wake 1/32 day or more */
  int32_t agents[npcsim_most_agents];  /* give, stop: without repetition */
  int32_t cycles[npcsim_most_agents];  /* give */
  int32_t agent_count;                 /* give, stop: 1 to npcsim_most_agents */
  int32_t marker;                      /* assess */
  double time_on_agent_days;           /* give: no dose this long after the agent's first; 0: no limit */
  double duration_days;                /* give: of agents without cycles; 0: for good */
} npcsim_action;

/* The answer. It arrives with count and failed 0; a documented progression discards what was asked for earlier. */
typedef struct npcsim_decision {
  int32_t count;  /* of actions, done in order */
  int32_t failed; /* not 0: nothing is done, and the run reports `message`, UTF-8 on one line */
  char message[npcsim_message_bytes];
  npcsim_action actions[npcsim_most_actions];
} npcsim_decision;

/* What a plugin exports. */
#if !defined(NPCSIM_PLUGIN_EXPORT)
#if defined(__GNUC__)
#define NPCSIM_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define NPCSIM_PLUGIN_EXPORT
#endif
#endif

/* npcsim_plugin_api_version of the header it was compiled with. */
NPCSIM_PLUGIN_EXPORT uint32_t npcsim_plugin_version(void) NPCSIM_PLUGIN_NOEXCEPT;
/* A plugin for one strategy, or null after host->error. */
NPCSIM_PLUGIN_EXPORT void* npcsim_plugin_create(const npcsim_host* host) NPCSIM_PLUGIN_NOEXCEPT;
/* Called by many threads at once on the same object. */
NPCSIM_PLUGIN_EXPORT void npcsim_plugin_decide(const void* self, const npcsim_view* view, void* memory,
                                               npcsim_decision* decision) NPCSIM_PLUGIN_NOEXCEPT;
NPCSIM_PLUGIN_EXPORT void npcsim_plugin_destroy(void* self) NPCSIM_PLUGIN_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* NPCSIM_STRATEGIES_PLUGIN_API_H_ */
