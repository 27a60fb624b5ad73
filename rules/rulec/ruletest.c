#include "rulec/ruletest.h"
void ruletest_check(struct ruleset *set, struct src_rule *src) { (void)set; (void)src; }
