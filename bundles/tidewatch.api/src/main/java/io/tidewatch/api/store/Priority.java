package io.tidewatch.api.store;

/** What is delivered first from a backlog, and evicted last from a full store; the most urgent first. */
public enum Priority {
    /** Explains an outage: delivered first. */
    CRITICAL(0),
    /** Wanted soon. */
    HIGH(1),
    /** The default. */
    NORMAL(2),
    /** Nice to have. */
    LOW(3);

    private final int level;

    Priority(int level) {
        this.level = level;
    }

    /** 0 (critical) to 3 (low), as stored. */
    public int level() {
        return level;
    }

    /**
     * The priority of a stored level.
     *
     * @throws IllegalArgumentException unless 0 to 3
     */
    public static Priority ofLevel(int level) {
        for (Priority priority : values()) {
            if (priority.level == level) {
                return priority;
            }
        }
        throw new IllegalArgumentException("Priority level " + level + " is not 0 to 3");
    }
}
