package io.tidewatch.api.health;

/** What to say where the system refuses the agent a thread: an {@link OutOfMemoryError} of {@link Thread#start}. */
public final class Exhaustion {
    /** Half a sentence, to follow the reason of the system. */
    public static final String ADVICE = "the machine or the service's limits (TasksMax, MemoryMax) are exhausted";

    private Exhaustion() {}
}
