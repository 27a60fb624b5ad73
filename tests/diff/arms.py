# SPDX-License-Identifier: GPL-2.0-only
"""Which arms of the rules a differential test has executed: adds up the files that `ldbt-bare --arms=FILE` writes, and
tells what is missing. An arm that translated code never ran was not compared with anybody."""

LEAST = 8    # executions, edge and random operands together

# Compared by tests/priv: a block of tests/diff could not go on behind them.
IN_PRIV = {
    "mret": "goes to mepc",
    "sret": "goes to sepc",
    "wfi": "may wait for ever where it does not trap",
    "sfence.vma": "needs page tables to mean something",
    "sinval.vma": "likewise",
    "sfence.w.inval": "goes with it",
    "sfence.inval.ir": "likewise",
}



# Compared by tests/fp.
def is_in_fp(rule):
    return rule.startswith("f") and not rule.startswith("fence")


# Arms that cannot be reached, "RULE NUMBER": why.
UNREACHABLE = {}


class Arms:
    def __init__(self):
        self.count = {}
        self.possible = {}    # by the host's CPU features

    def add(self, path):
        """Line: rule, number of the arm in it, executions, 1 if this run could use it."""
        with open(path, encoding="ascii") as f:
            for line in f:
                rule, number, count, possible = line.split()
                arm = f"{rule} {number}"
                self.count[arm] = self.count.get(arm, 0) + int(count)
                self.possible[arm] = self.possible.get(arm, False) or possible == "1"

    def report(self, name, is_wanted):
        """Prints what is missing of the arms whose rule is_wanted; returns (passed, failed, skipped)."""
        wanted = [arm for arm in self.count if is_wanted(arm.split()[0])]
        failed = skipped = 0
        for arm in wanted:
            if not self.possible[arm]:
                print(f"{name}: arm {arm} needs a CPU feature that this host lacks")
                skipped += 1
            elif (self.count[arm] >= LEAST) == (arm in UNREACHABLE):
                print(f"{name}: arm {arm} was executed {self.count[arm]} times" +
                      (", but is listed as one that cannot be" if arm in UNREACHABLE else f", expected {LEAST} at least"))
                failed += 1
        total = sum(self.count[arm] for arm in wanted)
        print(f"{name}: {len(wanted) - failed - skipped} of {len(wanted)} arms of rules reached, {total} executions")
        return len(wanted) - failed - skipped, failed, skipped
