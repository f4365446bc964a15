/* What a file made by `rulec build --emit so` or `--emit obj` exports: all modules of one job. Plain C. */
#ifndef RULERT_ABI_MODULE_TABLE_H_
#define RULERT_ABI_MODULE_TABLE_H_

#include "runtime/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rulert_named_module {
  const char* name; /* as the manifest refers to it; ends in a zero */
  const rulert_module* module;
} rulert_named_module;

typedef struct rulert_module_table {
  uint32_t abi_version; /* RULERT_ABI_VERSION that all modules were compiled against */
  uint32_t count;
  const rulert_named_module* modules;
  const char* manifest; /* the program as JSON, see docs/formats/job_image.md; ends in a zero */
  uint64_t manifest_size;
} rulert_module_table;

#define RULERT_MODULE_TABLE_SYMBOL "rulert_modules"

#ifdef __cplusplus
}
#endif

#endif /* RULERT_ABI_MODULE_TABLE_H_ */
