package io.tidewatch.store.sqlite;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration, PID {@value SqliteStoreComponent#PID}. */
@ObjectClassDefinition(
        id = SqliteStoreComponent.PID,
        name = "SQLite store",
        description = "Keeps every sample until it is delivered")
public @interface StoreConfig {
    @AttributeDefinition(
            description = "Database file; empty: metrics.db in the state folder, which a relative path starts from")
    String path() default "";

    @AttributeDefinition(description = "How long an append waits for others to share its transaction (0s: not at all)")
    String commit_delay() default "250ms";

    @AttributeDefinition(description = "The most that a power cut may cost")
    String sync_interval() default "30s";

    @AttributeDefinition(description = "Time between two checkpoints, which truncate the write-ahead log")
    String wal_checkpoint_interval() default "1h";

    @AttributeDefinition(description = "Size over which the write-ahead log is truncated at once")
    String wal_checkpoint_size() default "64MiB";

    @AttributeDefinition(
            description = "Age up to which delivered samples and texts are kept as local history (0s: not at all)")
    String history_retention() default "48h";

    @AttributeDefinition(description = "Age up to which samples that were never delivered are kept")
    String pending_retention() default "30d";

    @AttributeDefinition(
            description = "Size of what is stored and its log over which the oldest delivered samples go, then"
                    + " pending ones of the lowest priority")
    String max_size() default "500MiB";

    @AttributeDefinition(
            description = "Free space of the file system under which samples go in the same order (0B: not looked at)")
    String min_free() default "64MiB";

    @AttributeDefinition(
            description = "How many series there may be, half of them of one metric; samples of further ones are"
                    + " dropped and counted")
    String max_series() default "10000";

    @AttributeDefinition(
            description =
                    "shared: any program may read the database while the agent runs; none: the agent locks it, which"
                            + " halves what is written, and opens it to the commands of bin/tidewatch while they read")
    String readers() default "shared";

    @AttributeDefinition(
            description =
                    "How many samples wait in memory while the disk takes none, within a quarter of the heap; then"
                            + " the oldest are dropped")
    String ring_samples() default "20000";
}
