package io.tidewatch.command.migrate;

import io.tidewatch.command.agent.NewFile;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the line of the original for what the agent's check says of a line that was made of it. */
final class Complaint {
    private static final Pattern LOCATED = Pattern.compile("([^:]+)\\.cfg:(\\d+): (.*)");

    private final MigrationPlan plan;
    private final List<NewFile> files;

    Complaint(MigrationPlan plan, List<NewFile> files) {
        this.plan = plan;
        this.files = files;
    }

    /**
     * The same, said of the original.
     *
     * @param complaint {@code <file>[:<line>]: <what is wrong>}
     */
    MigrationPlan.Remark about(String complaint) {
        Matcher located = LOCATED.matcher(complaint);
        if (located.matches()) {
            String pid = located.group(1);
            int line = Integer.parseInt(located.group(2));
            for (NewFile file : files) {
                if (!file.name().equals(pid + ".cfg") || line > file.content().size()) {
                    continue;
                }
                for (MigrationPlan.Value value : plan.files().getOrDefault(pid, List.of())) {
                    if (file.content().get(line - 1).startsWith(value.key() + " =")) {
                        return new MigrationPlan.Remark(
                                value.line(), value.origin() + ", for " + pid + ".cfg: " + located.group(3));
                    }
                }
            }
        }
        return new MigrationPlan.Remark(0, complaint);
    }
}
